import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Audit, type NewAttempt, openAudit, verifyExport } from '../src/server/audit/audit.ts';
import { newId } from '../src/server/platform/clock.ts';
import { every, overwrite } from './support/audit-attacks.ts';
import { deedOf, heardLog } from './support/audit-forgeries.ts';
import { auditKey, randomKey } from './support/audit-key.ts';
import { actorOf } from './support/catalog.ts';
import { type StoreHouse, storeHouse, storeKinds } from './support/stores.ts';

const organizationId = newId();
const actor = actorOf(organizationId);
const attempt: NewAttempt = {
  organizationId,
  actor: { id: actor.userId, name: actor.name, via: 'web' },
  action: 'query.run',
  connection: { id: newId(), name: 'shop' },
  sql: 'select 1',
  parameters: [],
  fingerprint: 'f',
  verdict: 'allowed',
  rule: null,
  slot: 'read_only',
  reason: null,
};
const ask = async (audit: Audit, sql = 'select 1', organization = organizationId): Promise<void> => {
  const open = audit.begin({ ...attempt, sql, organizationId: organization });
  await open.settle({ outcome: 'done', fault: null, rows: 1, bytes: 8, ms: 1 });
};
const unknown = { checkpoint: null, publicKey: null };

describe.each(storeKinds)('an export of the record in the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('with a store', () => {
    let house: StoreHouse;
    beforeAll(async () => {
      house = await storeHouse(kind);
    }, 120_000);
    afterAll(() => house?.close());
    const opened = async () => {
      const { store, folder } = await house.open();
      const own = randomKey();
      const start = (made = false) => openAudit({ store, log: heardLog().log, key: auditKey(own, made) });
      const take = async (audit: Audit, name: string, who = actor): Promise<string> => {
        let text = '';
        for await (const part of await audit.export(who)) text += part;
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      return { store, folder, start, take };
    };

    test('verifies whatever a statement holds, and with the line ends of another system', async () => {
      const { start, take } = await opened();
      const audit = await start(true);
      const hostile = 'select \u2028 \u2029 \u0085 \r\n \v \ufeff \ud800 "__proto__" \\ \u0000 é 😀';
      await ask(audit, hostile);
      const file = await take(audit, 'own.jsonl');
      expect(await verifyExport(file, unknown)).toMatchObject({ ok: true });
      expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[2] ?? '').content.detail.sql).toBe(hostile.toWellFormed());
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
      expect(await verifyExport(file, unknown)).toMatchObject({ ok: true });
      await audit.close();
    });

    test('verifies though others write, and begin to, while it is read', async () => {
      const { store, start } = await opened();
      const first = await start(true);
      await ask(first);
      const second = kind === 'server' ? await start() : first;
      // More than is read at once, so that the chain before it is behind when the next page comes.
      for (let i = 0; i < 3; i++) await Promise.all(Array.from({ length: 100 }, () => ask(second)));
      const lines = (await second.export(actor))[Symbol.asyncIterator]();
      let text = '';
      for (let part = await lines.next(), n = 0; !part.done; part = await lines.next(), n++) {
        text += part.value;
        if (n !== 1) continue;
        await ask(first);
        if (kind === 'server') await (await start()).close();
      }
      const { folder } = await house.open();
      writeFileSync(join(folder, 'export.jsonl'), text);
      const found = await verifyExport(join(folder, 'export.jsonl'), unknown);
      expect(found).toMatchObject({ ok: true, firstFault: null });
      expect(found.records).toBeLessThan((await every(store)).length);
      await first.close();
      if (second !== first) await second.close();
    });

    test('is refused when it is stitched from two, of one server or of two organisations', async () => {
      const { start, take, folder } = await opened();
      const audit = await start(true);
      const other = actorOf(newId());
      await ask(audit);
      await ask(audit, 'select 2', other.organizationId);
      const older = readFileSync(await take(audit, 'older'), 'utf8')
        .trimEnd()
        .split('\n');
      await ask(audit);
      const newer = readFileSync(await take(audit, 'newer'), 'utf8')
        .trimEnd()
        .split('\n');
      const foreign = readFileSync(await take(audit, 'foreign', other), 'utf8')
        .trimEnd()
        .split('\n');
      await audit.close();
      const file = join(folder, 'stitched');
      const stitched: Record<string, string[]> = {
        'one behind the other': [...older, ...newer],
        'the older one with the end of the newer': [...older.slice(0, -1), ...newer.slice(-1)],
        'the head of one over the lines of another': [...foreign.slice(0, 1), ...newer.slice(1)],
        'lines of another organisation’s among its own': newer.map((line, at) => (at === 4 ? (foreign[4] ?? '') : line)),
        'the newer lines behind the older': [...older.slice(0, -1), ...newer.slice(older.length - 1)],
        'without its end': newer.slice(0, -1),
        nothing: [],
      };
      for (const [name, lines] of Object.entries(stitched)) {
        writeFileSync(file, `${lines.join('\n')}\n`);
        const same = lines.join() === newer.join();
        const verdict = await verifyExport(file, unknown).catch((error: Error) => error);
        expect([name, !(verdict instanceof Error) && verdict.ok]).toEqual([name, same]);
      }
    });

    test('ends, and shows it, where somebody wrote sequence numbers that are none', async () => {
      const { store, start, take } = await opened();
      await (await start(true)).close();
      const rows = await every(store);
      const { chain = '' } = rows[0] ?? {};
      const far = Array.from({ length: 600 }, (_, i) => ({
        ...deedOf(organizationId, chain),
        sequence: 9_000_000_000_000_000 + i,
        hash: `${i}`,
      }));
      const huge = far.map((row, i) => ({ ...row, sequence: 9_007_199_254_740_991 - i }));
      for (const strange of [far, huge]) {
        await overwrite(store, [...rows, ...strange]);
        // Out of the range in which JavaScript tells numbers apart, which a parameter cannot carry.
        if (strange === huge) await shift(store);
        const next = await start();
        expect(await next.verify()).toMatchObject({ ok: false, firstFault: { what: 'missing' } });
        const file = await take(next, 'strange');
        expect(await verifyExport(file, unknown)).toMatchObject({ ok: false });
        await next.close();
      }
    });
  });
});

/** Moves the sequence numbers that are large already out of what JavaScript can hold. */
async function shift(store: Awaited<ReturnType<StoreHouse['open']>>['store']): Promise<void> {
  const text = 'update records set sequence = sequence + 100000 where sequence > 8000000000000000';
  const query = { kind: 'RawNode', sqlFragments: [text], parameters: [] } as const;
  await store.db.executeQuery({ sql: text, parameters: [], query, queryId: { queryId: '' } });
}
