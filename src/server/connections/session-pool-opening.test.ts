import { expect, test } from 'vitest';
import { sqlite } from '../engines/sqlite/sqlite.ts';
import { Fault } from '../platform/fault.ts';
import { createSessionPool } from './session-pool.ts';

const forEver = { signal: new AbortController().signal, timeoutMs: 5000 };
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: Fault) => error.code,
  );

/** A generous limit: what is waited for comes by itself. */
const eventually = <T>(seen: () => T) => expect.poll(seen, { timeout: 20_000, interval: 5 });
/** A pool over sessions of paper: `openings` waits for each opening to be let through, `open` counts those that are not closed. */
function paperPool(current = async (): Promise<number> => 1) {
  const engine = { ...sqlite, sessions: 4 };
  const openings: { readonly through: (fault?: Fault) => void }[] = [];
  const counted = { open: 0, most: 0, opened: 0 };
  const pool = createSessionPool({
    current: async () => ({ version: await current(), engine }),
    async open(_, { signal }) {
      const version = await current();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      counted.open++;
      counted.most = Math.max(counted.most, counted.open);
      const over = () => counted.open--;
      openings.push({ through: (fault) => (fault ? reject(fault) : resolve()) });
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort);
      await promise.catch((fault) => {
        over();
        throw fault;
      });
      counted.opened++;
      const session = { usable: true, certificate: null, close: async () => undefined };
      let closing: Promise<void> | null = null;
      const close = (): Promise<void> => {
        session.usable = false;
        // Not at once: whatever is opened in its place before it is gone would be one too many.
        closing ??= new Promise((resolve) => setImmediate(resolve)).then(() => void over());
        return closing;
      };
      return { engine, session, version, close };
    },
  });
  return { pool, openings, counted };
}

test('what an opening fails of is shared by all who wait for it; afterwards each is opened after the one before', async () => {
  const { pool, openings, counted } = paperPool();
  const together = Promise.withResolvers<void>();
  let lent = 0;
  const ask = () =>
    codeOf(
      pool.withSession('a', forEver, async () => {
        if (++lent === 4) together.resolve();
        await together.promise;
      }),
    );
  const first = [ask(), ask(), ask(), ask()];
  await eventually(() => openings.length).toBe(1);
  openings[0]?.through(new Fault('credential.rejected'));
  expect(await Promise.all(first)).toEqual(Array.from({ length: 4 }, () => 'credential.rejected'));
  const second = [ask(), ask(), ask(), ask()];
  for (let one = 1; one <= 4; one++) {
    await eventually(() => openings.length).toBe(one + 1);
    openings[one]?.through();
  }
  expect(await Promise.all(second)).toEqual(Array.from({ length: 4 }, () => 'done'));
  expect([pool.counts('a'), counted.opened]).toEqual([{ lent: 0, idle: 4, waiting: 0 }, 4]);
  await pool.close();
});

test('an opening that nobody waits for any more keeps its seat: however many give up, there are never more than there are seats', async () => {
  const { pool, openings, counted } = paperPool();
  for (let round = 0; round < 8; round++) {
    const leaving = new AbortController();
    const work = () =>
      new Promise((_, reject) => {
        leaving.signal.addEventListener('abort', () => reject(new Fault('statement.cancelled')));
      });
    const gone = Array.from({ length: 5 }, () => codeOf(pool.withSession('a', { ...forEver, signal: leaving.signal }, work)));
    await eventually(() => pool.counts('a')).toMatchObject({ lent: 4, waiting: 1 });
    leaving.abort();
    expect(new Set(await Promise.all(gone))).toEqual(new Set(['statement.cancelled']));
    // Of those who gave up, one had an opening under way: only now is it there.
    expect(pool.counts('a').lent).toBe(round < 4 ? 1 : 0);
    openings[round]?.through();
    await eventually(() => pool.counts('a')).toEqual({ lent: 0, idle: Math.min(round + 1, 4), waiting: 0 });
  }
  expect([counted.opened, counted.most]).toEqual([4, 4]);
  await pool.close();
  await eventually(() => counted.open).toBe(0);
});

test('one that broke is closed before another is opened in its place', async () => {
  const { pool, openings, counted } = paperPool();
  const broken = Array.from({ length: 24 }, () =>
    pool.withSession('a', forEver, async ({ session }) => {
      Reflect.set(session, 'usable', false);
    }),
  );
  for (let one = 0; one < broken.length; one++) {
    await eventually(() => openings.length).toBeGreaterThan(one);
    openings[one]?.through();
  }
  await Promise.all(broken);
  expect([counted.opened, counted.most <= 4]).toEqual([24, true]);
  await eventually(() => counted.open).toBe(0);
  await pool.close();
});

test('whoever read an older version of a connection does not end what belongs to the newer', async () => {
  const versions = [2, 2];
  const slow = Promise.withResolvers<number>();
  const { pool, openings } = paperPool(() => (versions.length > 0 ? Promise.resolve(versions.shift() ?? 0) : slow.promise));
  const held = Promise.withResolvers<void>();
  const newer = codeOf(pool.withSession('a', forEver, () => held.promise));
  await eventually(() => openings.length).toBe(1);
  openings[0]?.through();
  await eventually(() => pool.counts('a').lent).toBe(1);
  const older = codeOf(pool.withSession('a', forEver, async () => null));
  slow.resolve(1);
  expect(await older).toBe('connection.changed');
  held.resolve();
  expect(await newer).toBe('done');
  await pool.close();
});

test('nothing is opened after the pool was closed, by those either who were about to ask', async () => {
  const about = Promise.withResolvers<number>();
  const { pool, openings } = paperPool(() => about.promise);
  const asked = codeOf(pool.withSession('a', forEver, async () => null));
  await pool.close();
  about.resolve(1);
  expect([await asked, openings.length]).toEqual(['server.draining', 0]);
});
