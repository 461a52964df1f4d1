import { describe, expect, test } from 'vitest';
import { WaitingLine } from './waiting-line.ts';

const never = new AbortController().signal;

describe('a line of those who wait', () => {
  test('serves the persons in turn, and each person’s in their order', async () => {
    const line = new WaitingLine<number>();
    const served: string[] = [];
    const wait = (by: string, name: string) => line.wait(by, never).then((what) => served.push(`${name}${what}`));
    const all = [wait('ada', 'a'), wait('ada', 'b'), wait('ada', 'c'), wait('eve', 'e'), wait('kim', 'k')];
    for (const what of [1, 2, 3, 4, 5]) {
      expect(line.serve(what)).toBe(true);
      await Promise.resolve();
    }
    await Promise.all(all);
    expect(served).toEqual(['a1', 'e2', 'k3', 'b4', 'c5']);
    expect(line.serve(6)).toBe(false);
    expect(line.empty).toBe(true);
  });

  test('whoever gives up has no place in it any more', async () => {
    const line = new WaitingLine<number>();
    const gone = new AbortController();
    const given = line.wait('ada', gone.signal);
    const kept = line.wait('ada', never);
    gone.abort(new Error('gone'));
    await expect(given).rejects.toThrow('gone');
    line.serve(1);
    expect(await kept).toBe(1);
    await expect(line.wait('ada', gone.signal)).rejects.toThrow('gone');
    expect(line.empty).toBe(true);
  });
});
