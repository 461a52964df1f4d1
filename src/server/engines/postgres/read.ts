import { Fault } from '../../platform/fault.ts';
import { ours } from './catalog.sql.ts';
import type { PostgresSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

/**
 * A write that a read-only transaction refuses before it looks at rights or names (SQLSTATE 25006), and that could change nothing even in a
 * transaction that may write: there is no such table.
 */
const writeSql = 'COMMENT ON TABLE pg_catalog."portcullis: there is no such table" IS NULL';

/**
 * Whether there is a table that may be read. No table is opened: planning even SELECT … LIMIT 0 runs the functions in its indexes, which
 * whoever made the table wrote.
 */
const someTableSql = `SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${ours('n.nspname')} AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))`;

async function mustRefuseWrite(session: PostgresSession, where: string): Promise<void> {
  const state = await session.run(writeSql).then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof Error && 'severity' in error && 'code' in error) return String(error.code);
      throw error;
    },
  );
  if (state === '25006') return;
  throw new Fault('session.writable', {
    stage: 'read',
    detail: `A write was not refused ${where}.`,
    tryThis: [
      'A pooler in statement mode, or a server that only resembles PostgreSQL, may not keep transactions read-only: give the address of the database itself.',
    ],
    technical: `expected SQLSTATE 25006, got ${/^[0-9A-Z]{5}$/.test(state) ? state : 'no error'}`,
  });
}

/** Proves that the session reads, and that a write is refused both by itself and in the transaction that every statement runs in. */
export async function proveReading(session: PostgresSession): Promise<string> {
  await mustRefuseWrite(session, 'outside of a transaction');
  const readable = await inReadOnly(session, async () => {
    await session.run('SELECT 1');
    const [found] = await session.run(someTableSql);
    return found?.[0] === 't' ? 'the right to read a table is there' : 'no table is readable';
  });
  await inReadOnly(session, () => mustRefuseWrite(session, 'in a read-only transaction'));
  return `SELECT works, ${readable}; a write is refused (SQLSTATE 25006)`;
}
