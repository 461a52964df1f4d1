import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attacks, every, follow, forged, overwrite, rehashed } from '../../../tests/support/audit-attacks.ts';
import { auditKey, randomKey } from '../../../tests/support/audit-key.ts';
import { actorOf } from '../../../tests/support/catalog.ts';
import { type StoreHouse, storeHouse, storeKinds, type TestStore } from '../../../tests/support/stores.ts';
import { newId } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { canonicalJson, contentHash } from '../platform/record-hash.ts';
import { type Audit, type NewAttempt, openAudit, verifyExport } from './audit.ts';
import { createSigner, readHead } from './checkpoint.ts';
import { verifyRecords } from './verify-records.ts';

const log = createLog('silent');
const organizationId = newId();
const actor = actorOf(organizationId);
const attempt: NewAttempt = {
  organizationId,
  actor: { id: actor.userId, name: actor.name, via: 'web' },
  action: 'query.run',
  connection: { id: newId(), name: 'shop' },
  sql: "select 'é\u0000\u202e' from orders where id = $1",
  parameters: [7],
  fingerprint: 'f',
  verdict: 'allowed',
  rule: null,
  slot: 'read_only',
  reason: null,
};
/** An exported line that shows the hash of what a record says, as if it were another organisation's. */
function hidden(line: string): string {
  const { content, ...place } = line === '' ? { content: undefined } : JSON.parse(line);
  return content?.organizationId ? canonicalJson({ ...place, contentHash: contentHash(content) }) : line;
}
const done = { outcome: 'done', fault: null, rows: 3, bytes: 120, ms: 1.5 } as const;
const ask = async (audit: Audit, about: Partial<NewAttempt> = {}): Promise<string> => {
  const open = audit.begin({ ...attempt, ...about });
  await open.recorded;
  await open.settle(done);
  return open.id;
};
describe.each(storeKinds)('chains in the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('with a store', () => {
    let house: StoreHouse;
    beforeAll(async () => {
      house = await storeHouse(kind);
    }, 120_000);
    afterAll(() => house.close());

    /** A store with three chains, checkpoints in each, and the key. */
    async function written(): Promise<TestStore & { key: KeyObject; checkpoint: string | null }> {
      const on = await house.open();
      const own = randomKey();
      let checkpoint: string | null = null;
      for (let chain = 0; chain < 3; chain++) {
        const audit = await openAudit({ store: on.store, log, key: auditKey(own) });
        for (let i = 0; i < 12; i++) {
          await Promise.all([ask(audit), ask(audit, { organizationId: newId() })]);
          if (i === 6) await audit.verify();
        }
        await audit.close();
        const reader = await openAudit({ store: on.store, log, key: auditKey(own) });
        ({ checkpoint } = await reader.verify());
        await reader.close();
      }
      return { ...on, key: own, checkpoint };
    }

    it('verify as they were written, whoever writes at once', async () => {
      const { store, key: own } = await written();
      const audit = await openAudit({ store, log, key: auditKey(own) });
      const deeds = Array.from({ length: 20 }, (_, i) =>
        store.db
          .transaction()
          .execute(async (trx) => {
            const by = { id: null, name: 'Ada', via: 'cli' } as const;
            await audit.record(trx, {
              organizationId,
              actor: by,
              action: 'key.created',
              subject: 'key',
              subjectId: null,
              outcome: 'done',
              detail: {},
            });
            if (i % 3 === 0) throw new Error('rolled back');
          })
          .catch(() => {}),
      );
      await Promise.all([...deeds, ...Array.from({ length: 40 }, () => ask(audit))]);
      const found = await audit.verify();
      expect(found).toMatchObject({ ok: true, firstFault: null });
      expect(found.chains).toBe(7);
      expect(found.records).toBe((await every(store)).length);
      const { items } = await audit.list(actor, { limit: 500, action: 'key' });
      expect(items).toHaveLength(13);
      await audit.close();
    }, 60_000);

    it('show what was changed, removed, inserted, reordered, recomputed or cut off, at 100 random places each', async () => {
      const { store, key: own, checkpoint } = await written();
      const { publicKey } = createSigner(own);
      const known = readHead(checkpoint ?? '');
      if (!known) throw new Error('there is no checkpoint');
      const rows = await every(store);
      const missed: string[] = [];
      // The last record is the checkpoint that was kept; what comes after it nobody knows of.
      const anywhere = (): number => Math.floor(Math.random() * (rows.length - 1));
      for (const [name, attack] of Object.entries(attacks)) {
        for (let round = 0; round < 100; round++) {
          const at = anywhere();
          const changed = attack(rows, at);
          if (follow(changed, publicKey, known).ok) missed.push(`${name} at ${at} of ${rows.length}`);
          // Some of them in the store itself.
          if (round >= 3) continue;
          await overwrite(store, changed);
          if ((await verifyRecords(store.db, publicKey, [known])).ok) missed.push(`${name} at ${at} of ${rows.length} in the store`);
        }
      }
      // Whoever has no key cannot sign again, so they leave the checkpoints out, or open the chain anew: without anything kept elsewhere
      // that shows too, by what the chains after it say under their signature.
      const last = rows.at(-1)?.chain;
      for (let round = 0; round < 100; round++) {
        const at = Math.floor(Math.random() * rows.findIndex(({ chain }) => chain === last));
        const unsigned = rehashed(
          rows.map((row, i) => (i === at ? forged(row) : row)).filter(({ kind }) => kind !== 'checkpoint'),
          0,
        );
        const openings = unsigned.map((row) => (row.kind === 'opened' && row.chain === rows[at]?.chain ? forged(row) : row));
        for (const changed of [unsigned, rehashed(openings, 0)]) if (follow(changed, publicKey, null).ok) missed.push(`unsigned at ${at}`);
      }
      expect(missed).toEqual([]);
      await overwrite(store, rows);
      expect(await verifyRecords(store.db, publicKey, [known])).toMatchObject({ ok: true });
      expect(follow(rows, publicKey, known)).toMatchObject({ ok: true });
    }, 240_000);

    it('are exported so that the file verifies on its own, without what others did', async () => {
      const { store, key: own, folder } = await written();
      const audit = await openAudit({ store, log, key: auditKey(own) });
      const other = newId();
      await ask(audit, { organizationId: other, sql: 'select hunter2' });
      let text = '';
      for await (const part of await audit.export(actor)) text += part;
      const { checkpoint, publicKey } = await audit.verify();
      await audit.close();
      const file = join(folder, 'export.jsonl');
      writeFileSync(file, text);
      const unknown = { checkpoint: null, publicKey: null };
      const found = await verifyExport(file, unknown);
      expect(found).toMatchObject({ ok: true, checkpoint, publicKey });
      expect(text).toContain('audit.exported');
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain(other);

      const lines = text.split('\n');
      const tampered: Record<string, string[]> = {
        changed: lines.map((line) => line.replace('"Ada"', '"Eve"')),
        removed: lines.filter((_, i) => i !== 20),
        reordered: lines.map((line, i) => (i === 12 ? (lines[13] ?? '') : i === 13 ? (lines[12] ?? '') : line)),
        cut: lines.slice(0, 30),
        'cut with an end of its own': [...lines.slice(0, 30), lines.at(-2)?.replace(/"records":\d+/, '"records":29') ?? '', ''],
        'of another organisation by its word': lines.map((line, i) => (i === 0 ? line.replace(organizationId, newId()) : line)),
        'with a record as if it were of others': lines.map(hidden),
        'with something behind its end': [...lines, '{}'],
        'spaced out': lines.map((line, i) => (i === 9 ? line.replace(':', ': ') : line)),
      };
      for (const [name, changed] of Object.entries(tampered)) {
        writeFileSync(file, changed.join('\n'));
        const verdict = await verifyExport(file, unknown).catch((error: Error) => error);
        expect([name, verdict instanceof Error || !verdict.ok]).toEqual([name, true]);
      }
      // An older export in place of a newer one is missed by who kept a checkpoint.
      writeFileSync(file, text);
      const head = { chain: (await every(store)).at(0)?.chain ?? '', sequence: 40, hash: 'a'.repeat(64) };
      expect(await verifyExport(file, { checkpoint: head, publicKey })).toMatchObject({ ok: false });
      await expect(verifyExport(file, { checkpoint: null, publicKey: 'another' })).rejects.toThrow('another key');
    }, 60_000);

    it('keep each organisation to itself, filter, and page', async () => {
      const { store } = await house.open();
      const audit = await openAudit({ store, log, key: auditKey() });
      const mine = [await ask(audit), await ask(audit, { connection: { id: newId(), name: 'other' } }), await ask(audit)];
      await ask(audit, { organizationId: newId() });
      const refused = audit.begin({ ...attempt, verdict: 'refused', rule: 'statement.not_read' });
      await refused.settle({ ...done, outcome: 'refused', fault: 'statement.refused', rows: null });
      const pending = audit.begin(attempt);
      await pending.recorded;
      const ids = async (query: object) => (await audit.list(actor, { limit: 100, ...query })).items.map(({ id }) => id);
      expect(await ids({})).toEqual([pending.id, refused.id, ...mine.toReversed()]);
      expect(await ids({ outcome: 'pending' })).toEqual([pending.id]);
      expect(await ids({ outcome: 'refused' })).toEqual([refused.id]);
      expect(await ids({ connection: attempt.connection.id, outcome: 'done' })).toEqual([mine[2], mine[0]]);
      expect(await ids({ actor: 'aD' })).toHaveLength(5);
      expect(await ids({ actor: '%' })).toEqual([]);
      expect(await ids({ action: 'query' })).toHaveLength(5);
      expect(await ids({ action: 'query.ran' })).toEqual([]);
      expect(await ids({ from: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
      const first = await audit.list(actor, { limit: 2 });
      expect(first.items).toHaveLength(2);
      expect(await ids({ cursor: first.nextCursor })).toEqual(mine.toReversed());
      const [, entry] = first.items;
      expect(entry).toMatchObject({
        sql: attempt.sql,
        verdict: 'refused',
        rule: 'statement.not_read',
        fault: 'statement.refused',
        slot: 'read_only',
      });
      expect(entry).toMatchObject({
        connection: attempt.connection,
        detail: { parameters: [7] },
        outcome: 'refused',
        rows: null,
        bytes: 120,
      });
      await pending.settle(done);
      await audit.close();
    });

    it('settle what a process that is gone left open as unknown, once', async () => {
      const { store } = await house.open();
      const own = randomKey();
      const gone = await openAudit({ store, log, key: auditKey(own), silence: 0 });
      await ask(gone);
      const left = gone.begin(attempt);
      await left.recorded;
      // Its process ended here; another one starts.
      const next = await openAudit({ store, log, key: auditKey(own), silence: 0 });
      const { items } = await next.list(actor, { limit: 10 });
      expect(items.map(({ id, outcome }) => [id, outcome])).toEqual([
        [left.id, 'unknown'],
        [expect.any(String), 'done'],
      ]);
      // Should it live after all, it is not answered: its end is on record already. Others in the same group are.
      const [late, other] = await Promise.allSettled([left.settle(done), ask(gone)]);
      expect(late).toMatchObject({ status: 'rejected', reason: { code: 'store.unavailable' } });
      expect(other.status).toBe('fulfilled');
      // Where one process alone can use the store, a chain has ended once another has begun: what comes then is not ours.
      expect(await next.verify()).toMatchObject({ ok: kind === 'server' });
      await next.close();
      await gone.close();
    });

    it('are signed every thousand records and at the end, and not over a changed past', async () => {
      const { store } = await house.open();
      const own = randomKey();
      const audit = await openAudit({ store, log, key: auditKey(own) });
      for (let i = 0; i < 6; i++) await Promise.all(Array.from({ length: 100 }, () => ask(audit)));
      await expect
        .poll(() =>
          audit.list(actor, { limit: 1 }).then(async () => (await every(store)).filter((row) => row.kind === 'checkpoint').length),
        )
        .toBe(1);
      await audit.close();
      const rows = await every(store);
      expect(rows.at(-1)?.kind).toBe('checkpoint');
      const again = await openAudit({ store, log, key: auditKey(own) });
      await again.verify();
      const now = await every(store);
      const place = now.findIndex(({ chain }) => chain === now.at(-1)?.chain);
      await overwrite(
        store,
        rehashed(
          now.map((row, i) => (i === place ? forged(row) : row)),
          place,
        ),
      );
      await ask(again);
      expect(await again.verify()).toMatchObject({ ok: false });
    }, 60_000);
  });
});
