import { expect, test } from 'vitest';
import { sqlite } from '../engines/sqlite/sqlite.ts';
import { Fault } from '../platform/fault.ts';
import { createSessionPool } from './session-pool.ts';

test('a credential that is not taken any more is tried once, however many ask at once', async () => {
  let tried = 0;
  let taken = false;
  const engine = { ...sqlite, sessions: 4 };
  const pool = createSessionPool({
    current: async () => ({ version: 1, engine }),
    async open() {
      tried++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (!taken) throw new Fault('credential.rejected');
      return {
        engine,
        session: { usable: true, certificate: null, close: async () => undefined },
        version: 1,
        close: async () => undefined,
      };
    },
  });
  const ask = () =>
    pool
      .withSession('a', { signal: new AbortController().signal, timeoutMs: 5000 }, () => new Promise((resolve) => setTimeout(resolve, 60)))
      .then(
        () => 'done',
        (error: Fault) => error.code,
      );
  expect(await Promise.all([ask(), ask(), ask(), ask()])).toEqual(Array.from({ length: 4 }, () => 'credential.rejected'));
  expect(tried).toBe(1);
  taken = true;
  expect(await Promise.all([ask(), ask(), ask(), ask()])).toEqual(Array.from({ length: 4 }, () => 'done'));
  expect(pool.counts('a')).toEqual({ lent: 0, idle: 4, waiting: 0 });
  await pool.close();
});
