import { Fault } from '../../platform/fault.ts';
import type { PostgresSession } from './session.ts';
import { optionalSql, settingsSql, shownSql } from './settings.sql.ts';

const lockMs = 5000;
/** Reading a large catalogue waits between batches while they are stored. */
const idleMs = 120_000;

/** The values of `settingsSql`: the limits of a session, as text. */
export const limitsOf = (statementTimeoutMs: number): string[] =>
  [statementTimeoutMs, Math.min(lockMs, statementTimeoutMs), idleMs].map((ms) => String(Math.max(1, Math.round(ms))));

/** Puts the session under limits that hold in the database itself, and reads back that they do. */
export async function makeReadOnly(session: PostgresSession, statementTimeoutMs: number): Promise<void> {
  await session.run(settingsSql, limitsOf(statementTimeoutMs));
  const [shown] = await session.run(shownSql);
  const [readOnly, path, ...times] = shown ?? [];
  if (readOnly !== 'on' || path !== 'pg_catalog, pg_temp' || times.length !== 3 || times.some((time) => time === null || time === '0')) {
    throw new Fault('session.writable', {
      detail: 'The server did not keep the settings that make the session read-only and limited.',
      field: null,
      tryThis: [
        'A pooler in statement mode forgets settings: give the address of the database itself, or a pooler in session or transaction mode.',
      ],
      technical: 'set_config was not kept',
    });
  }
  // So that the server ends a statement whose asker has gone. Some systems cannot.
  await session.run(optionalSql).catch((error) => {
    if (!('severity' in error)) throw error;
  });
}
