import { newId, now } from '../../src/server/platform/clock.ts';
import type { Database } from '../../src/server/platform/database.ts';
import { reveal, Secret } from '../../src/server/platform/secret.ts';
import type { SealedFor, Vault } from '../../src/server/vault/vault.ts';
import { addConnectionRow } from './connection-row.ts';

const organizationId = '01a20000-0000-7000-8000-000000000000';

/** What a credential of these tests is bound to. */
export const boundTo = (connectionId: string, slot: string): SealedFor => ({
  organizationId,
  connectionId,
  slot,
  engine: 'some_engine',
  binding: { host: 'db.example', port: 5432 },
});

/** Puts so many sealed credentials into the store, each of a connection of its own. */
export async function sealMany(db: Database, vault: Vault, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const id = await addConnectionRow(db, organizationId);
    const { sealed, v } = await vault.seal(boundTo(id, 'read_only'), new Secret(`secret of ${id}`));
    const row = { connection_id: id, slot: 'read_only', username: 'reader', sealed, v, created_by: newId(), created_at: now() };
    await db.insertInto('db_credentials').values(row).execute();
  }
}

/** The connections whose credential does not open to what was sealed. */
export async function unopened(db: Database, vault: Vault): Promise<string[]> {
  const rows = await db.selectFrom('db_credentials').select(['connection_id', 'slot', 'sealed']).execute();
  const wrong: string[] = [];
  for (const { connection_id: id, slot, sealed } of rows) {
    const opened = await vault.open(boundTo(id, slot), sealed).then(reveal, () => null);
    if (opened !== `secret of ${id}`) wrong.push(id);
  }
  return wrong;
}
