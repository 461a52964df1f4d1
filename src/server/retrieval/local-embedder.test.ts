import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { EmbedderError } from './embedder.ts';
import { LocalEmbedder } from './local-embedder.ts';

const never = new AbortController().signal;
const cosine = (a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()) =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const runs = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};
const folder = mkdtempSync(join(tmpdir(), 'portcullis-encoder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An encoder's program of this text, which may use `mark`, the path of a file of its own. */
function program(name: string, text: string): URL {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `import { existsSync, writeFileSync } from 'node:fs'; const mark = ${JSON.stringify(join(folder, name))};\n${text}`);
  return pathToFileURL(path);
}
const answer = 'process.send({ id, vectors: new Float32Array(texts.length * 512).fill(1) })';

describe('the encoder that comes with the package', () => {
  test('knows what is alike, in the order asked, and ends when it idles', async () => {
    const embedder = new LocalEmbedder({ idleMs: 300 });
    expect(embedder.pid).toBeUndefined();
    const texts = ['How many people live in each town?', 'city: id, name, population', 'x', 'invoice: id, amount, due date', ''];
    const [question, city, , invoice, empty] = await embedder.embed(texts, never);
    expect(question).toHaveLength(512);
    expect(empty).toHaveLength(512);
    expect(cosine(question, question)).toBeCloseTo(1);
    expect(cosine(question, city)).toBeGreaterThan(cosine(question, invoice) + 0.1);
    const { pid } = embedder;
    expect(runs(pid)).toBe(true);
    await vi.waitFor(() => expect(runs(pid)).toBe(false), { timeout: 20_000, interval: 100 });
    expect(embedder.pid).toBeUndefined();
    // And starts anew with the next text.
    expect(cosine((await embedder.embed(texts.slice(0, 1), never))[0], question)).toBeCloseTo(1);
    await embedder.close();
  }, 60_000);

  test('one that hangs is killed and started anew', async () => {
    const hangs = "const again = existsSync(mark); writeFileSync(mark, ''); process.on('message', ({ id, texts }) => { while (!again); ";
    const embedder = new LocalEmbedder({ batchMs: 3_000, program: program('hangs', `${hangs}${answer}; });`) });
    const embedding = embedder.embed(['one', 'two'], never);
    await vi.waitFor(() => expect(embedder.pid).toBeDefined());
    const first = embedder.pid;
    expect(await embedding).toHaveLength(2);
    expect(embedder.pid).not.toBe(first);
    await vi.waitFor(() => expect(runs(first)).toBe(false), { timeout: 20_000 });
    await embedder.close();
  }, 60_000);

  test('one that ends every time is given up, and the next call tries anew', async () => {
    const embedder = new LocalEmbedder({ program: program('ends', 'process.exit(1);') });
    await expect(embedder.embed(['one'], never)).rejects.toThrow(EmbedderError);
    await expect(embedder.embed(['one'], never)).rejects.toThrow('did not answer');
    await embedder.close();
  }, 60_000);

  test('a question goes before many texts, and who gives up waits no longer', async () => {
    const one = `process.on('message', ({ id, texts }) => setTimeout(() => ${answer}, 20));`;
    const embedder = new LocalEmbedder({ program: program('slow', one) });
    const order: string[] = [];
    const many = embedder.embed(new Array(400).fill('many'), never).then(() => order.push('many'));
    const question = embedder.embed(['question'], never).then(() => order.push('question'));
    const gone = new AbortController();
    const given = embedder.embed(new Array(1000).fill('more'), gone.signal);
    gone.abort(new Error('gone'));
    await expect(given).rejects.toThrow('gone');
    await Promise.all([many, question]);
    expect(order).toEqual(['question', 'many']);
    await embedder.close();
    expect(embedder.pid).toBeUndefined();
  }, 60_000);
});
