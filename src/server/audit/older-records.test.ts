import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { auditKey } from '../../../tests/support/audit-key.ts';
import { newId, now } from '../platform/clock.ts';
import { openStore } from '../platform/database.ts';
import { createLog } from '../platform/log.ts';
import * as m0001 from '../platform/migrations/0001-foundation.ts';
import * as m0003 from '../platform/migrations/0003-audit-chain.ts';
import { openAudit } from './audit.ts';

it('chains the records that stood before there were chains', async () => {
  const folder = join(tmpdir(), `portcullis-migration-${newId()}`);
  const store = await openStore({ folder });
  try {
    const { db } = store;
    // A migration knows no tables but its own.
    const bare = db as unknown as Parameters<typeof m0001.up>[0];
    await m0001.up(bare, 'embedded');
    const organization = newId();
    const run = (sql: string, parameters: readonly unknown[]) =>
      db.executeQuery({ sql, parameters, query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] }, queryId: { queryId: '' } });
    for (let i = 0; i < 20; i++)
      await run('insert into records values (?, ?, ?, null, ?, ?, ?, ?, null, ?, ?)', [
        ...[newId(), organization, now(), 'Ada', 'web', 'key.created', 'key', 'done', JSON.stringify({ z: i, a: 'é' })],
      ]);
    await m0003.up(bare, 'embedded');
    const audit = await openAudit({ store, log: createLog('silent'), key: auditKey(undefined, true) });
    expect(await audit.verify()).toMatchObject({ ok: true, chains: 2, records: 23 });
    const rows = await db.selectFrom('records').selectAll().where('organization_id', '=', organization).orderBy('sequence').execute();
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    await expect(db.deleteFrom('records').execute()).rejects.toThrow('append-only');
    await audit.close();
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
