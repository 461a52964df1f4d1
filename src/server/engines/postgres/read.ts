import { Fault } from '../../platform/fault.ts';
import { ours } from './catalog.sql.ts';
import { postgresGrammar } from './grammar.ts';
import type { PostgresSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

/**
 * A write that a read-only transaction refuses before it looks at rights or names (SQLSTATE 25006), and that could change nothing even in a
 * transaction that may write: there is no such table.
 */
const writeSql = 'COMMENT ON TABLE pg_catalog."portcullis: there is no such table" IS NULL';

const someTableSql = `SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${ours('n.nspname')} AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
  ORDER BY c.oid LIMIT 1`;

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
  const opened = await inReadOnly(session, async () => {
    await session.run('SELECT 1');
    const [found] = await session.run(someTableSql);
    const [schema, table] = found ?? [];
    if (schema === undefined || schema === null || table === undefined || table === null) return 'no table is readable';
    // No value is read: the right to read is checked all the same.
    await session.run(`SELECT FROM ${postgresGrammar.quote(schema)}.${postgresGrammar.quote(table)} LIMIT 0`);
    return 'a table was opened without reading a value';
  });
  await inReadOnly(session, () => mustRefuseWrite(session, 'in a read-only transaction'));
  return `SELECT works, ${opened}; a write is refused (SQLSTATE 25006)`;
}
