import { afterAll, describe, expect, test } from 'vitest';
import type { NewAttempt, Settlement } from '../audit/audit.ts';
import type { ConnectionRow } from '../connections/connections.ts';
import type { Answer, Engine, Reading, Session } from '../engines/engine.ts';
import { engineOf } from '../engines/registry.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { createLog } from '../platform/log.ts';
import { AnswerRoom } from './answer-room.ts';
import { createGuard, createQuery } from './query.ts';

const actor: Actor = {
  ...{ userId: 'ada', name: 'Ada', email: 'ada@example.com', organizationId: 'example', role: 'admin', scopes: null },
  ...{ via: 'web', keyId: null, requestId: 'one', operator: false },
};
const connection = { id: 'shop', name: 'Shop', db_type: 'sqlite', is_active: 1, snapshot: 1, version: 1, limits: '{}', acknowledged: '[]' };
const guard = createGuard({ workers: 1 });
afterAll(() => guard.close());

/** Statements on a database on paper whose answers are as large as `rows` tells. */
function asking(room: AnswerRoom, rows: readonly (readonly number[])[]) {
  const settled: Settlement[] = [];
  const run = async (_: Session, { kept, signal }: Reading): Promise<Answer> => {
    for (const row of rows) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new Fault('statement.cancelled');
      kept?.(row.length, 10);
    }
    return { columns: [{ name: 'a', type: 'integer' }], rows, truncated: false, limit: null, bytes: 10 * rows.length };
  };
  const session: Session = { usable: true, certificate: null, close: async () => undefined };
  const engine: Engine = { ...engineOf('sqlite'), run };
  const query = createQuery({
    log: createLog('silent'),
    room,
    guard,
    requireConnection: async () => connection as ConnectionRow,
    withSession: (_id, _loan, work) => work({ engine, session, version: 1 }),
    published: async () => ({ tables: [] }),
    reread: async () => false,
    begin: (_: NewAttempt) => ({
      id: 'entry',
      recorded: Promise.resolve(),
      settle: async (settlement: Settlement) => void settled.push(settlement),
    }),
  });
  const signal = new AbortController().signal;
  const ask = (sent?: Promise<void>) =>
    query.run(actor, { id: 'shop', sql: 'select 1', parameters: [] }, { signal, ...(sent && { sent }) });
  return { ask, settled };
}

const rows = Array.from({ length: 10 }, () => [1]);

describe('an answer', () => {
  test('holds its room until it is out', async () => {
    const room = new AnswerRoom(100_000);
    const out = Promise.withResolvers<void>();
    const { ask } = asking(room, rows);
    expect((await ask(out.promise)).rowCount).toBe(10);
    expect(room.held).toBeGreaterThan(0);
    out.resolve();
    await expect.poll(() => room.held).toBe(0);
    await ask();
    expect(room.held).toBe(0);
  });

  test('for which there is no room is ended and on record as failed, and the others go on', async () => {
    const room = new AnswerRoom(1000);
    const { ask, settled } = asking(room, rows);
    const out = Promise.withResolvers<void>();
    expect((await ask(out.promise)).rowCount).toBe(10);
    const fault = await ask().catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'rate.exceeded', about: { entryId: 'entry', retryAfter: 2 } });
    expect(settled.map(({ outcome, fault: code }) => [outcome, code])).toEqual([
      ['done', null],
      ['failed', 'rate.exceeded'],
    ]);
    out.resolve();
    await expect.poll(() => room.held).toBe(0);
    expect((await ask()).rowCount).toBe(10);
  });
});
