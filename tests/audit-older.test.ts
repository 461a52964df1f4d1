import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAudit, verifyExport } from '../src/server/audit/audit.ts';
import type { RecordRow } from '../src/server/audit/record-store.ts';
import { newId } from '../src/server/platform/clock.ts';
import { createLog } from '../src/server/platform/log.ts';
import { every, forged, overwrite, rehashed } from './support/audit-attacks.ts';
import { deedOf, put, unsignedChain, writtenOn } from './support/audit-forgeries.ts';
import { auditKey, randomKey } from './support/audit-key.ts';
import { actorOf } from './support/catalog.ts';
import { type StoreHouse, storeHouse } from './support/stores.ts';

const organizationId = newId();

describe('the records from before there were chains', () => {
  let house: StoreHouse;
  beforeAll(async () => {
    house = await storeHouse('embedded');
  });
  afterAll(() => house?.close());

  /** A store with such records, as the migration chains them, and what verifications of the store and of an export find after the next start. */
  async function older(before: readonly RecordRow[], { made = true } = {}) {
    const { store, folder } = await house.open();
    await put(store, before);
    const own = randomKey();
    const start = (first: boolean) => openAudit({ store, log: createLog('silent'), key: auditKey(own, first) });
    await (await start(made)).close();
    const found = async (): Promise<string> => {
      const audit = await start(false);
      const { ok, firstFault } = await audit.verify();
      const file = join(folder, `${newId()}.jsonl`);
      let text = '';
      for await (const part of await audit.export(actorOf(organizationId))) text += part;
      writeFileSync(file, text);
      expect((await verifyExport(file, { checkpoint: null, publicKey: null })).firstFault?.what).toBe(firstFault?.what);
      await audit.close();
      return ok ? 'ok' : (firstFault?.what ?? '');
    };
    return { store, found };
  }

  test('are vouched for by the first chain that is signed, whatever starts later', async () => {
    const { found } = await older(unsignedChain(organizationId, { deeds: 5000 }));
    for (let round = 0; round < 3; round++) expect(await found()).toBe('ok');
  });

  test.each<[string, string, (rows: readonly RecordRow[], own: readonly RecordRow[]) => readonly RecordRow[]]>([
    ['a second time', 'checkpoint', (rows) => [...unsignedChain(organizationId), ...rows]],
    ['longer', 'inserted', (rows, own) => [...rows, ...writtenOn(own, organizationId)]],
    ['shorter', 'truncated', (rows, own) => rows.filter(({ id }) => id !== own.at(-1)?.id)],
    [
      'written anew',
      'chain',
      (rows, own) => rehashed([...own.with(-1, forged(own.at(-1), { actor_name: 'Eve' })), ...rows.slice(own.length)], 0),
    ],
    [
      'without the chain that vouches for them',
      'checkpoint',
      (rows, own) => rows.filter(({ chain }) => [own, [rows.at(-1)]].some((some) => some[0]?.chain === chain)),
    ],
    ['not at all', 'missing', (rows, own) => rows.slice(own.length)],
  ])('cannot stand there %s', async (_, what, change) => {
    const own = unsignedChain(organizationId);
    const { store, found } = await older(own);
    expect(await found()).toBe('ok');
    await overwrite(store, change(await every(store), own));
    // A start does not make it good.
    for (let round = 0; round < 2; round++) expect(await found()).toBe(what);
  });

  test('are none where there were two, or where the key was there before them', async () => {
    expect(await (await older([...unsignedChain(organizationId), ...unsignedChain(organizationId)])).found()).toBe('checkpoint');
    expect(await (await older(unsignedChain(organizationId), { made: false })).found()).toBe('checkpoint');
  });

  test('hold deeds alone', async () => {
    const [opening, ...deeds] = unsignedChain(organizationId);
    const attempt = { ...deedOf(organizationId, opening?.chain ?? ''), kind: 'begun', action: 'query.run', outcome: 'pending' };
    const { found } = await older(rehashed([opening as RecordRow, ...deeds, attempt], 0));
    expect(await found()).toBe('checkpoint');
  });
});
