import { after } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { ConnectionRow } from './connection-store.ts';

/** Milliseconds after which a look that nobody ended may be taken by another process. */
const LEASE = 3 * 60_000;

/** When the next look after a time is due; null where nothing is to be looked at then. */
export async function earliestProbe(db: Database, at: string): Promise<string | null> {
  const row = await db
    .selectFrom('db_connections')
    .select(({ fn }) => fn.min('next_probe_at').as('at'))
    .where('is_active', '=', 1)
    .where('next_probe_at', '>', at)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Which looks are asked for: those due at a time, of connections whose last look failed or did not. */
interface DueLooks {
  readonly at: string;
  readonly failed: boolean;
  readonly most: number;
  /** Ids of those that are looked at by now. */
  readonly except: readonly string[];
}

/** Connections that are due, the longest first. */
export async function dueProbes(db: Database, { at, failed, most, except }: DueLooks): Promise<ConnectionRow[]> {
  const due = db.selectFrom('db_connections').selectAll().where('is_active', '=', 1).where('next_probe_at', '<=', at);
  const others = except.length === 0 ? due : due.where('id', 'not in', [...except]);
  return others
    .where('probe_failures', failed ? '>' : '=', 0)
    .orderBy('next_probe_at')
    .limit(most)
    .execute();
}

/** Takes a look for this process; false where another one has it. */
export async function claimProbe(db: Database, row: Pick<ConnectionRow, 'id' | 'next_probe_at'>): Promise<boolean> {
  const taken = await db
    .updateTable('db_connections')
    .set({ next_probe_at: after(LEASE) })
    .where('id', '=', row.id)
    .where('next_probe_at', '=', row.next_probe_at)
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}

/** Says when it is looked at next, unless that was stopped meanwhile. */
export async function scheduleProbe(
  db: Database,
  row: Pick<ConnectionRow, 'id' | 'version'>,
  next: { readonly at: string; readonly failures: number },
): Promise<void> {
  await db
    .updateTable('db_connections')
    .set({ next_probe_at: next.at, probe_failures: next.failures })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .where('next_probe_at', 'is not', null)
    .execute();
}
