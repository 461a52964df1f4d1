import { Fault } from '../../platform/fault.ts';
import { counted } from './facts.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';
import { ensure, ownLimits } from './settings.ts';
import { inReadOnly } from './transaction.ts';

/**
 * A write that a read-only session refuses before it looks at rights or names, and that could change nothing even in one that may write: there is
 * no such table. It is of the kind that would end a transaction by itself, so that it shows that those are refused too.
 */
const writeSql = ({ place, flavour }: MysqlSession) =>
  `TRUNCATE TABLE ${flavour.grammar.quote(place?.[0] ?? '')}.\`portcullis: there is no such table\``;
const readOnlyError = 1792;

async function mustRefuseWrite(session: MysqlSession, where: string): Promise<void> {
  const found = await session.run(writeSql(session)).then(
    () => 0,
    (error: unknown) => {
      if (error instanceof ServerError) return error.errno;
      throw error;
    },
  );
  if (found === readOnlyError) return;
  throw new Fault('session.writable', {
    stage: 'read',
    detail: `A write was not refused ${where}.`,
    tryThis: ['A proxy before the database may not keep sessions read-only: give the address of the database itself.'],
    technical: `expected errno ${readOnlyError}, got ${found === 0 ? 'no error' : `errno ${found}`}`,
  });
}

/** Proves that the session reads, and that a write is refused both by itself and in the transaction that every statement runs in. */
export async function proveReading(session: MysqlSession): Promise<string> {
  await ensure(session, ownLimits(session));
  await mustRefuseWrite(session, 'outside of a transaction');
  await inReadOnly(session, () => session.run('SELECT 1'));
  const { readable } = await counted(session);
  await inReadOnly(session, () => mustRefuseWrite(session, 'in a read-only transaction'));
  const told = readable > 0 ? 'the right to read a table is there' : 'no table is readable';
  return `SELECT works, ${told}; a write is refused (errno ${readOnlyError}), and so is a change of the schema`;
}
