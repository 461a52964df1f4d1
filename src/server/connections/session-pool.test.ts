import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../../tests/support/engine-lab.ts';
import { labs } from '../../../tests/support/labs.ts';
import type { Reading } from '../engines/engine.ts';
import { Fault } from '../platform/fault.ts';
import { createSessionPool, type LentSession, type SessionPool } from './session-pool.ts';

const forEver = new AbortController().signal;
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error) => (error instanceof Fault ? error.code : Promise.reject(error)),
  );

describe.each(labs)('a pool of sessions: $name', ({ make, skip }) => {
  let lab: Lab;
  let pool: SessionPool;
  let version = 1;
  let opened = 0;
  beforeAll(async () => {
    if (!skip) lab = await make();
  }, 120_000);
  afterAll(() => lab?.stop());
  afterEach(async () => {
    await pool?.close();
    if (lab) await vi.waitFor(async () => expect((await lab.sessions()).open).toBe(0), { timeout: 10_000 });
  });

  function start(): SessionPool {
    opened = 0;
    version = 1;
    pool = createSessionPool({
      current: async () => ({ version, engine: lab.engine }),
      async open(_, { signal }) {
        opened++;
        const session = await lab.open({ signal });
        return { engine: lab.engine, session, version, close: () => session.close() };
      },
    });
    return pool;
  }
  const loan = (about: Partial<{ signal: AbortSignal; timeoutMs: number }> = {}) => ({ signal: forEver, timeoutMs: 20_000, ...about });
  const read = ({ engine, session }: LentSession, sql: string, about: Partial<Reading> = {}) =>
    engine.run(session, { sql, parameters: [], maxRows: 10, maxBytes: 100_000, timeoutMs: 10_000, signal: forEver, ...about });

  it.skipIf(skip)('never has more than its size, whatever is asked of it, and keeps what can be used again', async () => {
    const { withSession, counts } = start();
    const sizes: number[] = [];
    const answers = await Promise.all(
      Array.from({ length: 24 }, () =>
        withSession('a', loan(), async (lent) => {
          sizes.push((await lab.sessions()).open);
          return (await read(lent, lab.statements.rows(2))).rows.length;
        }),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 24 }, () => 2));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(lab.engine.sessions);
    expect(opened).toBeLessThanOrEqual(lab.engine.sessions);
    expect(counts('a')).toEqual({ lent: 0, idle: opened, waiting: 0 });
  });

  it.skipIf(skip)('gives nobody a session that was ended', async () => {
    const { withSession, counts } = start();
    expect(await codeOf(withSession('a', loan(), (lent) => read(lent, lab.statements.endless, { timeoutMs: 300 })))).toBe(
      'statement.expired',
    );
    expect((await withSession('a', loan(), (lent) => read(lent, lab.statements.rows(1)))).rows.map(([one]) => Number(one))).toEqual([1]);
    await lab.restart();
    await pause(100);
    expect((await withSession('a', loan(), (lent) => read(lent, lab.statements.rows(1)))).rows.map(([one]) => Number(one))).toEqual([1]);
    expect(counts('a')).toMatchObject({ lent: 0, idle: 1 });
  });

  it.skipIf(skip)('lets a slow connection slow none but itself; who waits too long, or is one too many, is told', async () => {
    const { withSession, counts } = start();
    const asker = new AbortController();
    const holders = Array.from({ length: lab.engine.sessions }, () =>
      codeOf(withSession('slow', loan(), (lent) => read(lent, lab.statements.endless, { timeoutMs: 60_000, signal: asker.signal }))),
    );
    await vi.waitFor(async () => expect((await lab.sessions()).running).toBe(lab.engine.sessions), { timeout: 20_000 });
    expect(await codeOf(withSession('slow', loan({ timeoutMs: 200 }), async () => null))).toBe('connection.busy');
    expect((await withSession('quick', loan(), (lent) => read(lent, lab.statements.rows(1)))).rows.map(([one]) => Number(one))).toEqual([
      1,
    ]);
    const gone = new AbortController();
    const waiting = Array.from({ length: 32 }, () => codeOf(withSession('slow', loan({ signal: gone.signal }), async () => null)));
    await vi.waitFor(() => expect(counts('slow').waiting).toBe(32));
    expect(await codeOf(withSession('slow', loan(), async () => null))).toBe('connection.busy');
    gone.abort();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['statement.cancelled']));
    asker.abort();
    expect(new Set(await Promise.all(holders))).toEqual(new Set(['statement.cancelled']));
  });

  it.skipIf(skip)('ends what belongs to a connection that is another one now', async () => {
    const { withSession, retire, counts } = start();
    await withSession('a', loan(), (lent) => read(lent, lab.statements.rows(1)));
    const held = codeOf(withSession('a', loan(), (lent) => read(lent, lab.statements.endless, { timeoutMs: 60_000 })));
    await vi.waitFor(async () => expect((await lab.sessions()).running).toBe(1), { timeout: 10_000 });
    retire('a', new Fault('connection.disabled'));
    expect(await held).toBe('connection.disabled');
    await vi.waitFor(async () => expect((await lab.sessions()).open).toBe(0), { timeout: 10_000 });
    // Another process changed it: seen at the next loan.
    await withSession('a', loan(), (lent) => read(lent, lab.statements.rows(1)));
    const before = opened;
    version = 2;
    expect(await withSession('a', loan(), async ({ version: lent }) => lent)).toBe(2);
    expect(opened).toBe(before + 1);
    expect(counts('a').idle).toBe(1);
  });

  it.skipIf(skip)('is empty after it was closed, and lends nothing more', async () => {
    const { withSession, close } = start();
    const held = codeOf(withSession('a', loan(), (lent) => read(lent, lab.statements.endless, { timeoutMs: 60_000 })));
    await vi.waitFor(async () => expect((await lab.sessions()).running).toBe(1), { timeout: 10_000 });
    await close();
    expect(await held).toBe('server.draining');
    expect(await codeOf(withSession('a', loan(), async () => null))).toBe('server.draining');
  });
});
