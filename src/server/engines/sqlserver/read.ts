import { Fault } from '../../platform/fault.ts';
import { ServerError } from './server-error.ts';
import type { SqlServerSession } from './session.ts';

/** A table of our own, which no other session sees and which is not in the database: made, and taken back. */
const table = '#portcullis';
const makeSql = `BEGIN TRANSACTION; CREATE TABLE ${table} (i int); ROLLBACK TRANSACTION;`;
const lookSql = `SELECT @@TRANCOUNT, CASE WHEN OBJECT_ID(N'tempdb..${table}') IS NULL THEN 1 ELSE 0 END;`;
const someTableSql = `SELECT TOP (1) 1 FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), N'OBJECT', N'SELECT') = 1;`;

/** Makes the table and takes it back. Null where even that is refused. */
async function madeAndUndone(session: SqlServerSession): Promise<boolean | null> {
  try {
    await session.run(makeSql);
  } catch (error) {
    if (!(error instanceof ServerError) || !session.usable) throw error;
    return null;
  }
  const [row = []] = await session.run(lookSql);
  return row[0] === 0 && row[1] === 1;
}

/**
 * Proves that the session reads, and that what it writes in a transaction is undone. SQL Server knows no read-only transaction: it refuses a
 * write only to a login that may not, or in a database that is read-only.
 */
export async function proveReading(session: SqlServerSession): Promise<string> {
  const isUndone = await madeAndUndone(session);
  if (isUndone === false)
    throw new Fault('session.writable', {
      stage: 'read',
      detail: 'What was written in a transaction was not undone with it.',
      tryThis: ['Give the address of the database itself: a pooler or another product in between may not keep transactions.'],
      technical: 'a temporary table outlived the rollback of its transaction',
    });
  const [found] = await session.run(someTableSql);
  const reads = found ? 'the right to read a table is there' : 'no table is readable';
  const undone = isUndone
    ? 'what a transaction writes is undone (a temporary table was made and was gone)'
    : 'a temporary table was refused';
  return `SELECT works, ${reads}; ${undone}. There is no read-only transaction here: a write is refused by the rights of the login alone`;
}
