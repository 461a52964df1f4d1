import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditKey } from '../../../tests/support/audit-key.ts';
import { type StoreHouse, storeHouse, storeKinds, type TestStore } from '../../../tests/support/stores.ts';
import { newId } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { type Audit, type NewRecord, openAudit } from './audit.ts';

const organizationId = newId();
const entry: NewRecord = {
  organizationId,
  actor: { id: newId(), name: 'Ada', via: 'web' },
  action: 'connection.registered',
  subject: 'connection',
  subjectId: newId(),
  outcome: 'done',
  detail: { name: 'shop', tables: 42, severe: false, reason: null },
};

describe.each(storeKinds)('records in the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('with a store', () => {
    let house: StoreHouse;
    let db: TestStore['store']['db'];
    let record: Audit['record'];
    /** Statements as somebody with the store's own rights would write them, past every use case. */
    const run = (text: string): Promise<unknown> =>
      db.executeQuery({
        sql: text,
        parameters: [],
        query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
        queryId: { queryId: '' },
      });
    const all = () => db.selectFrom('records').selectAll().where('kind', '=', 'deed').orderBy('id').execute();

    beforeAll(async () => {
      house = await storeHouse(kind);
      const { store } = await house.open();
      db = store.db;
      record = (await openAudit({ store, log: createLog('silent'), key: auditKey() })).record;
    });
    afterAll(() => house.close());

    it('hold who did what to which thing, when, and how it ended', async () => {
      await record(db, entry);
      const [row] = await all();
      expect(row).toMatchObject({
        organization_id: organizationId,
        actor_id: entry.actor.id,
        actor_name: 'Ada',
        via: 'web',
        action: 'connection.registered',
        subject: 'connection',
        subject_id: entry.subjectId,
        outcome: 'done',
      });
      expect(JSON.parse(row?.detail ?? '')).toEqual(entry.detail);
      expect(row?.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    });

    it('are written with the change they tell of, or not at all', async () => {
      const before = (await all()).length;
      const failed = db.transaction().execute(async (trx) => {
        await record(trx, entry);
        throw new Error('the deed failed');
      });
      await expect(failed).rejects.toThrow('the deed failed');
      expect(await all()).toHaveLength(before);
      await db.transaction().execute((trx) => record(trx, entry));
      expect(await all()).toHaveLength(before + 1);
    });

    it('keep texts short, in one line, and without what hides or turns round what is read', async () => {
      const name = `evil\u0000\n\u202e${'x'.repeat(600)}`;
      await record(db, { ...entry, actor: { ...entry.actor, name }, detail: { name, cut: `${'y'.repeat(499)}😀` } });
      const row = (await all()).at(-1);
      const detail = JSON.parse(row?.detail ?? '');
      for (const text of [row?.actor_name, detail.name, detail.cut]) {
        expect(text.length).toBeLessThanOrEqual(500);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(text.isWellFormed()).toBe(true);
      }
    });

    it.each([
      ['an object', { token: 'hunter2' }],
      ['a list', ['hunter2']],
      ['a number that JSON cannot hold', Number.NaN],
      ['nothing', undefined],
    ])('take no %s for a fact', async (_, value) => {
      const detail = { credential: value } as unknown as NewRecord['detail'];
      await expect(record(db, { ...entry, detail })).rejects.toThrow('credential');
    });

    it('cannot be changed or removed, by any statement', async () => {
      const before = await all();
      expect(before.length).toBeGreaterThan(0);
      const [first] = before;
      const rest = "organization_id, at, actor_id, 'Mallory', via, action, subject, subject_id, outcome, detail, previous, hash";
      const copy = `'${first?.id}', chain, 999, kind, attempt, ${rest}`;
      const otherId = `'other', chain, ${first?.sequence}, kind, attempt, ${rest}`;
      const attempts = [
        "update records set actor_name = 'Mallory'",
        `update records set outcome = 'failed' where id = '${first?.id}'`,
        'delete from records',
        `delete from records where id = '${first?.id}'`,
        `insert into records select ${copy} from records limit 1`,
        `insert into records select ${copy} from records where true on conflict (id) do update set actor_name = 'Mallory'`,
        ...(kind === 'server'
          ? ['truncate records', 'truncate records cascade']
          : [`replace into records select ${copy} from records limit 1`, `replace into records select ${otherId} from records limit 1`]),
      ];
      for (const text of attempts) await expect(run(text), text).rejects.toThrow();
      await expect(db.updateTable('records').set({ detail: '{}' }).execute()).rejects.toThrow('append-only');
      await expect(db.deleteFrom('records').execute()).rejects.toThrow('append-only');
      expect(await all()).toEqual(before);
    });
  });
});
