import type { Selectable } from 'kysely';
import { now } from '../platform/clock.ts';
import type { Database, Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import type { Tables } from '../platform/tables.ts';
import { isUniqueViolation } from '../platform/unique-violation.ts';

export type ConnectionRow = Selectable<Tables['db_connections']>;
export type CredentialRow = Selectable<Tables['db_credentials']>;
export type RunRow = Selectable<Tables['ingestion_runs']>;

/** The form under which aliases are compared: two that look alike are one. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

export async function findConnection(db: Database, organizationId: string, id: string): Promise<ConnectionRow | undefined> {
  return db.selectFrom('db_connections').selectAll().where('id', '=', id).where('organization_id', '=', organizationId).executeTakeFirst();
}

/** A connection by its id alone, for jobs, which belong to no organisation. */
export async function findConnectionById(db: Database, id: string): Promise<ConnectionRow | undefined> {
  return db.selectFrom('db_connections').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface ListFilter {
  readonly organizationId: string;
  /** Null: sees all of the organisation. */
  readonly visibleTo: string | null;
  readonly q: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Connections by alias; the cursor is the last alias of the page before. */
export async function listRows(db: Database, filter: ListFilter): Promise<ConnectionRow[]> {
  let query = db.selectFrom('db_connections').selectAll().where('organization_id', '=', filter.organizationId);
  const { visibleTo, q, cursor } = filter;
  if (visibleTo !== null) query = query.where((e) => e.or([e('visibility', '=', 'organization'), e('created_by_user_id', '=', visibleTo)]));
  if (q) query = query.where('name_key', 'like', `%${nameKey(q).replace(/[\\%_]/g, '')}%`);
  if (cursor) query = query.where('name_key', '>', cursor);
  return query
    .orderBy('name_key')
    .limit(filter.limit + 1)
    .execute();
}

export async function credentialsOf(db: Database, ids: readonly string[]): Promise<CredentialRow[]> {
  return ids.length === 0
    ? []
    : db
        .selectFrom('db_credentials')
        .selectAll()
        .where('connection_id', 'in', [...ids])
        .execute();
}

/** The newest run of each connection (ids sort by time). */
export async function latestRuns(db: Database, ids: readonly string[]): Promise<RunRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('ingestion_runs')
    .selectAll()
    .where('id', 'in', (e) =>
      e
        .selectFrom('ingestion_runs')
        .select((f) => f.fn.max('id').as('id'))
        .where('connection_id', 'in', [...ids])
        .groupBy('connection_id'),
    )
    .execute();
}

/** Inserts a connection with its credentials; a taken alias is name.taken, a spent receipt receipt.invalid. */
export async function insertConnection(trx: Database, row: ConnectionRow, credentials: readonly CredentialRow[]): Promise<void> {
  const taken = await trx
    .selectFrom('db_connections')
    .select('id')
    .where('organization_id', '=', row.organization_id)
    .where('name_key', '=', row.name_key)
    .executeTakeFirst();
  if (taken) throw nameTaken(row.name);
  // Two at once with one alias: the second finds the unique index instead.
  const inserted = await trx
    .insertInto('db_connections')
    .values(row)
    .onConflict((c) => c.columns(['organization_id', 'name_key']).doNothing())
    .executeTakeFirst();
  if (!inserted.numInsertedOrUpdatedRows) throw nameTaken(row.name);
  for (const credential of credentials) await trx.insertInto('db_credentials').values(credential).execute();
}

export const nameTaken = (name: string): Fault =>
  new Fault('name.taken', { field: 'name', detail: `name: another connection is called “${name}”. Choose another alias.` });

/** Marks a receipt as used, or refuses it when it was. */
export async function spendReceipt(trx: Database, id: string, expiresAt: string): Promise<void> {
  await trx.deleteFrom('spent_receipts').where('expires_at', '<', now()).execute();
  const spent = await trx
    .insertInto('spent_receipts')
    .values({ id, spent_at: now(), expires_at: expiresAt })
    .onConflict((c) => c.column('id').doNothing())
    .executeTakeFirst();
  if (!spent.numInsertedOrUpdatedRows)
    throw new Fault('receipt.invalid', {
      field: 'receipt',
      detail: 'This test has been used for a registration already. Test the connection again.',
    });
}

/** Changes a connection if it is still the version that was read. */
export async function updateConnection(trx: Database, row: ConnectionRow, change: Partial<ConnectionRow>): Promise<void> {
  const done = await trx
    .updateTable('db_connections')
    .set({ ...change, updated_at: now() })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst()
    .catch((error: unknown) => {
      // Two at once to one alias: the index finds the second.
      throw isUniqueViolation(error) ? nameTaken(change.name ?? row.name) : error;
    });
  if (done.numUpdatedRows === 0n)
    throw new Fault('connection.changed', { detail: 'Somebody changed or deleted it while you worked on it. Reload and try again.' });
}

/** Puts a sealed credential into its slot; the one before is gone with the same statement. */
export async function putCredentialRow(trx: Database, credential: CredentialRow): Promise<void> {
  const { connection_id: _, slot: __, ...rest } = credential;
  await trx
    .insertInto('db_credentials')
    .values(credential)
    .onConflict((c) => c.columns(['connection_id', 'slot']).doUpdateSet(rest))
    .execute();
}

/** Names of other connections of the organisation that reach the same database. */
export async function sameDatabase(
  store: Store,
  organizationId: string,
  identity: string,
  visibleTo: string | null,
  except: string | null,
): Promise<string[]> {
  let query = store.db
    .selectFrom('db_connections')
    .select('name')
    .where('organization_id', '=', organizationId)
    .where('server_identity', '=', identity);
  if (visibleTo !== null) query = query.where((e) => e.or([e('visibility', '=', 'organization'), e('created_by_user_id', '=', visibleTo)]));
  if (except !== null) query = query.where('id', '!=', except);
  return (await query.orderBy('name').limit(10).execute()).map((row) => row.name);
}

/** Whether another connection of the organisation has the alias. */
export async function isNameTaken(db: Database, organizationId: string, key: string): Promise<boolean> {
  const found = await db
    .selectFrom('db_connections')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('name_key', '=', key)
    .executeTakeFirst();
  return found !== undefined;
}

/** Keeps what was learned about the place of one version of a connection; of another version it would be about another place. */
export async function keepLearned(
  db: Database,
  row: Pick<ConnectionRow, 'id' | 'version'>,
  learned: Partial<ConnectionRow>,
): Promise<void> {
  await db.updateTable('db_connections').set(learned).where('id', '=', row.id).where('version', '=', row.version).execute();
}

export async function deleteCredentialRow(trx: Database, connectionId: string, slot: string): Promise<void> {
  await trx.deleteFrom('db_credentials').where('connection_id', '=', connectionId).where('slot', '=', slot).execute();
}

/** Deletes a connection with its credentials; what was read of it goes with it by its foreign keys. */
export async function deleteConnectionRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('db_credentials').where('connection_id', '=', id).execute();
  await trx.deleteFrom('db_connections').where('id', '=', id).execute();
}
