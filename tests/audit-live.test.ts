import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAudit } from '../src/server/audit/audit.ts';
import type { RecordRow } from '../src/server/audit/record-store.ts';
import { newId } from '../src/server/platform/clock.ts';
import type { Store } from '../src/server/platform/database.ts';
import { every, forged, overwrite, rehashed } from './support/audit-attacks.ts';
import { heardLog, writtenOn } from './support/audit-forgeries.ts';
import { auditKey } from './support/audit-key.ts';
import { type StoreHouse, storeHouse, storeKinds } from './support/stores.ts';

const organizationId = newId();
const actor = { id: newId(), name: 'Ada', via: 'web' } as const;
const deed = { organizationId, actor, action: 'key.created', subject: 'key', subjectId: null, outcome: 'done', detail: {} } as const;

describe.each(storeKinds)('a server that runs on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('and whoever can write that store', () => {
    let house: StoreHouse;
    beforeAll(async () => {
      house = await storeHouse(kind);
    }, 120_000);
    afterAll(() => house?.close());

    const live = async () => {
      const { store } = await house.open();
      const { log, heard } = heardLog();
      const audit = await openAudit({ store, log, key: auditKey(undefined, true) });
      return { store, audit, heard, act: () => audit.record(store.db, deed) };
    };
    const newest = async (store: Store) => (await every(store)).at(-1)?.kind;

    test.each([
      ['behind a record that is not signed yet', false],
      ['behind a checkpoint', true],
    ])('does not sign what was written into its chain, %s', async (_, signed) => {
      const { store, audit, heard, act } = await live();
      await act();
      if (signed) expect(await audit.verify()).toMatchObject({ ok: true });
      const rows = await every(store);
      await store.db
        .insertInto('records')
        .values(writtenOn(rows, organizationId, 1))
        .execute();
      // It goes on behind it.
      await act();
      const at = { chain: rows.at(-1)?.chain, sequence: rows.length + 1 };
      expect(await audit.verify()).toMatchObject({ ok: false, firstFault: { ...at, what: 'inserted' } });
      expect(await newest(store)).toBe('deed');
      await audit.close();
      expect(await newest(store)).toBe('deed');
      expect(heard()).toContain('changed in the store');
      expect(heard().match(/audit checkpoint/g)?.length ?? 0).toBe(signed ? 1 : 0);
    });

    test('does not sign behind a record that was put far away', async () => {
      const { store, audit, heard, act } = await live();
      await act();
      const rows = await every(store);
      const [far] = writtenOn(rows, organizationId, 1);
      await overwrite(store, [...rows, { ...far, sequence: 4711 } as RecordRow]);
      expect(await audit.verify()).toMatchObject({ ok: false, firstFault: { what: 'missing', sequence: rows.length + 1 } });
      await audit.close();
      expect(heard()).not.toContain('audit checkpoint');
    });

    test('does not sign what was changed, removed or written anew since it signed', async () => {
      for (const change of ['changed', 'cut', 'anew'] as const) {
        const { store, audit, act } = await live();
        await audit.verify();
        for (let i = 0; i < 3; i++) await act();
        const rows = await every(store);
        const last = forged(rows.at(-1));
        if (change === 'changed') await overwrite(store, rows.with(-2, forged(rows.at(-2))));
        if (change === 'cut') await overwrite(store, rows.slice(0, -1));
        if (change === 'anew') await overwrite(store, rehashed([...rows.slice(0, -1), last], rows.length - 1));
        if (change !== 'cut') await act();
        expect([change, (await audit.verify()).ok]).toEqual([change, false]);
        await audit.close();
      }
    });
  });
});
