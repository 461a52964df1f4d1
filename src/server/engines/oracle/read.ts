import { Fault } from '../../platform/fault.ts';
import { oracleCode } from './faults.ts';
import type { OracleSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

/**
 * A write that every login may ask for, since everybody may lock the one row of DUAL: a read-only transaction refuses it (ORA-01456). The first
 * finds no row to lock; only where that is let through is the second tried, whose lock is gone with the rollback a moment later.
 */
const lockNothing = 'SELECT dummy FROM sys.dual WHERE 1 = 0 FOR UPDATE NOWAIT';
const lockDual = 'SELECT dummy FROM sys.dual FOR UPDATE NOWAIT';
/** A refusal of the transaction, of a database that is open for reading alone, and of rights. */
const refusals = new Set(['ORA-01456', 'ORA-16000', 'ORA-01031', 'ORA-41900', 'ORA-00942']);

/** How a statement of ours was refused, or null. */
async function refusalOf(session: OracleSession, sql: string): Promise<string | null> {
  try {
    await inReadOnly(session, () => session.run(sql));
    return null;
  } catch (error) {
    const code = oracleCode(error);
    if (code === null || !refusals.has(code)) throw error;
    return code;
  }
}

/** Proves that the session reads, and that a write is refused in the transaction that every statement runs in. */
export async function proveReading(session: OracleSession): Promise<string> {
  await inReadOnly(session, () => session.run('SELECT 1 FROM sys.dual'));
  const code = (await refusalOf(session, lockNothing)) ?? (await refusalOf(session, lockDual));
  if (code === null)
    throw new Fault('session.writable', {
      stage: 'read',
      detail: 'A lock was not refused in a read-only transaction.',
      tryThis: [
        'A server that only resembles Oracle, or a proxy that ends transactions, may not keep them read-only: give the database itself.',
      ],
      technical: 'expected ORA-01456, got no error',
    });
  const [readable] = await inReadOnly(session, () => session.run(someTableSql));
  const found = readable?.[0] === '1' ? 'a table can be read' : 'no table is readable';
  return `SELECT works, ${found}; a write is refused (${code})`;
}

/** Whether there is a table or view outside of the system that the login sees at all. No table is opened. */
const someTableSql = `SELECT COUNT(*) FROM sys.dual WHERE EXISTS (
  SELECT 1 FROM sys.all_tables WHERE owner IN (SELECT username FROM sys.all_users WHERE oracle_maintained = 'N'))
  OR EXISTS (SELECT 1 FROM sys.all_views WHERE owner IN (SELECT username FROM sys.all_users WHERE oracle_maintained = 'N'))`;
