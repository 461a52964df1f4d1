import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Audit, openAudit, verifyExport } from '../src/server/audit/audit.ts';
import type { RecordRow } from '../src/server/audit/record-store.ts';
import { newId } from '../src/server/platform/clock.ts';
import type { Store } from '../src/server/platform/database.ts';
import { every, overwrite } from './support/audit-attacks.ts';
import { heardLog, put, unsigned, unsignedChain, writtenOn } from './support/audit-forgeries.ts';
import { auditKey, randomKey } from './support/audit-key.ts';
import { actorOf } from './support/catalog.ts';
import { type StoreHouse, storeHouse, storeKinds } from './support/stores.ts';

const organizationId = newId();
const actor = actorOf(organizationId);
const deed = { organizationId, subject: 'key', subjectId: null, outcome: 'done', detail: {} } as const;
const by = { id: actor.userId, name: actor.name, via: 'web' } as const;

describe.each(storeKinds)('a record in the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('whoever can write it and has no key', () => {
    let house: StoreHouse;
    beforeAll(async () => {
      house = await storeHouse(kind);
    }, 120_000);
    afterAll(() => house?.close());
    const used: Store[] = [];
    // A server takes only so many clients at once.
    afterEach(async () => {
      for (const store of used.splice(0)) if (kind === 'server') await store.close();
    });

    /** A store, and what a server on it does: a few deeds, then it ends in order. */
    async function opened() {
      const { store, folder } = await house.open();
      used.push(store);
      const own = randomKey();
      const start = async (made = false) => {
        const { log, heard } = heardLog();
        const audit = await openAudit({ store, log, key: auditKey(own, made), silence: 0 });
        return { audit, heard };
      };
      const live = async (made = false): Promise<string> => {
        const { audit, heard } = await start(made);
        for (let i = 0; i < 3; i++) await audit.record(store.db, { ...deed, actor: by, action: 'key.created' });
        await audit.close();
        return heard();
      };
      return { store, folder, start, live };
    }

    /** What a verification of the store and one of an export of it find; both before and after another server has started. */
    async function verdicts({ start, folder }: Awaited<ReturnType<typeof opened>>) {
      const found: unknown[] = [];
      for (const round of [1, 2]) {
        const { audit, heard } = await start();
        for (const { ok, firstFault } of [await audit.verify(), await exported(audit, join(folder, `${round}.jsonl`))])
          found.push(ok ? 'ok' : firstFault?.what);
        await audit.close();
        found.push(/does not verify/.test(heard()) ? 'told' : 'not told');
      }
      return found;
    }
    async function exported(audit: Audit, file: string) {
      let text = '';
      for await (const part of await audit.export(actor)) text += part;
      writeFileSync(file, text);
      return verifyExport(file, { checkpoint: null, publicKey: null });
    }
    const fault = (what: string, told = 'told') => [what, what, told, what, what, told];
    const fine = ['ok', 'ok', 'not told', 'ok', 'ok', 'not told'];

    test.each([
      ['as a command’s once did', () => unsigned({ chain: newId(), sequence: 1, hash: 'a'.repeat(64) })],
      ['as the records from before there were chains', () => unsigned()],
      ['as if it were signed', () => unsigned().replace('false', 'true')],
    ])('cannot put a chain beside the others, %s', async (_, detail) => {
      const on = await opened();
      await on.live(true);
      await on.live();
      await put(on.store, unsignedChain(organizationId, { detail: detail() }));
      expect(await verdicts(on)).toEqual(fault('checkpoint'));
      // Nor with an id that is older than every other.
      const older = await opened();
      await older.live(true);
      const chain = `00000000-0000-7${newId().slice(15)}`;
      await put(older.store, unsignedChain(organizationId, { detail: detail(), chain }));
      expect(await verdicts(older)).toEqual(fault('checkpoint'));
    });

    test('cannot put one where all that was signed is gone', async () => {
      const on = await opened();
      await on.live(true);
      await overwrite(on.store, []);
      await put(on.store, unsignedChain(organizationId));
      expect(await verdicts(on)).toEqual(fault('checkpoint'));
    });

    test('cannot speak for a chain by one that nobody signed', async () => {
      const on = await opened();
      await on.live(true);
      await on.live();
      const rows = await every(on.store);
      const last = rows.at(-1);
      // It names the newest head, so that the next start would leave it out; that chain could then be cut.
      await put(on.store, unsignedChain(organizationId, { detail: unsigned({ ...headOf(last) }), deeds: 0 }));
      await on.live();
      const now = await every(on.store);
      await overwrite(
        on.store,
        now.filter(({ id, kind: what, detail }) => id !== last?.id && !(what === 'opened' && detail.includes('false'))),
      );
      expect((await verdicts(on))[0]).toBe('truncated');
    });

    test('cannot hide a chain from the next start', async () => {
      const on = await opened();
      await on.live(true);
      await on.store.db.deleteFrom('audit_chains').execute();
      const first = await every(on.store);
      await on.live();
      await overwrite(
        on.store,
        (await every(on.store)).filter(({ chain }) => chain !== first[0]?.chain),
      );
      expect((await verdicts(on))[0]).toBe('missing');
    });

    test('cannot write on where a server has ended', async () => {
      const on = await opened();
      await on.live(true);
      await put(on.store, writtenOn(await every(on.store), organizationId));
      expect((await verdicts(on)).filter((what) => !String(what).includes('told'))).toEqual([
        'inserted',
        'inserted',
        'inserted',
        'inserted',
      ]);
    });

    test('cannot write on where a server was killed, once another has started on a store of one process', async () => {
      const on = await opened();
      const { audit } = await on.start(true);
      await audit.record(on.store.db, { ...deed, actor: by, action: 'key.created' });
      const killed = await every(on.store);
      await on.live();
      expect(await verdicts(on)).toEqual(fine);
      await put(on.store, writtenOn(killed, organizationId));
      // Where several may write, the one that was killed may live still: see the threat model.
      expect(await verdicts(on)).toEqual(kind === 'embedded' ? fault('inserted') : fine);
      await audit.close().catch(() => {});
    });

    test('cannot hide the others behind a damaged one', async () => {
      const on = await opened();
      await on.live(true);
      const rows = await every(on.store);
      const damaged = rows.findIndex(({ kind: what }) => what === 'deed');
      await overwrite(on.store, rows.with(damaged, { ...(rows[damaged] as RecordRow), detail: 'not JSON' }));
      const { audit } = await on.start();
      const { items } = await audit.list(actor, { limit: 10 });
      expect(items.map(({ detail }) => detail)).toEqual([{}, {}, { damaged: true }]);
      expect(await audit.verify()).toMatchObject({ ok: false, firstFault: { what: 'changed', sequence: damaged + 1 } });
      await audit.close();
    });

    test('cannot put a record where nobody looks', async () => {
      for (const place of [
        { chain: '', sequence: 0 },
        { chain: '', sequence: -4 },
        { chain: '', sequence: 1 },
        { chain: newId(), sequence: 9 },
      ]) {
        const on = await opened();
        await on.live(true);
        const [row] = unsignedChain(organizationId, { deeds: 0 });
        await on.store.db
          .insertInto('records')
          .values({ ...(row as RecordRow), ...place, kind: 'deed', organization_id: organizationId })
          .execute();
        const [stored] = await verdicts(on);
        expect([place.sequence, stored]).not.toEqual([place.sequence, 'ok']);
      }
    });
  });
});

const headOf = (row: RecordRow | undefined) => ({ chain: row?.chain ?? '', sequence: row?.sequence ?? 0, hash: row?.hash ?? '' });
