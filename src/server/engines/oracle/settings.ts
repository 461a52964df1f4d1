import { Fault } from '../../platform/fault.ts';
import type { OracleSession } from './session.ts';
import { languageSql, resetSql, settings, settingsSql, shownSql } from './settings.sql.ts';

/** Sets how the session writes values and looks up names, and reads back that it does. */
export async function pinSettings(session: OracleSession): Promise<void> {
  await session.run(languageSql);
  await session.run(settingsSql);
  const shown = new Map((await session.run(shownSql)).map(([name, value]) => [name, value]));
  const other = Object.keys(settings).filter((name) => shown.get(name) !== settings[name]);
  if (other.length === 0) return;
  throw new Fault('session.writable', {
    detail: 'The server did not keep the settings that every statement relies on.',
    field: null,
    tryThis: ['A proxy before the database may share sessions: give the address of the database itself.'],
    technical: `not kept: ${other.join(', ')}`,
  });
}

/** Brings a session back to what it was before a statement of somebody else's making ran in it. */
export async function resetSession(session: OracleSession): Promise<void> {
  await session.rollBack();
  await session.run(resetSql);
  await pinSettings(session);
}
