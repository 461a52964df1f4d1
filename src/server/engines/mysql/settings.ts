import { Fault } from '../../platform/fault.ts';
import type { SessionLimits } from './flavour.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';

/** The number of “there is no such setting”. */
const unknownSetting = 1193;

/**
 * The database that sessions are left in. Nobody can put a function or a table there: a name without a database, such as that of a function that
 * this server lacks, then means nothing that somebody made.
 */
export const nowhere = 'information_schema';

/** Puts the session into the modes and under the limits that are assumed of it, and reads back that they hold. */
export async function pin(session: MysqlSession, limits: SessionLimits): Promise<void> {
  const { modes } = session.flavour;
  session.limits = null;
  try {
    for (const text of modes.pins(limits)) await session.run(text);
  } catch (error) {
    if (error instanceof ServerError && error.errno === unknownSetting) throw another(session);
    throw error;
  }
  const [row = []] = await session.run(modes.readBack);
  const [database = null, account = null, ...found] = row;
  const expected = modes.expected(limits);
  const kept = expected.length === found.length && expected.every((value, at) => value === found[at]);
  if (!kept || database === null || account === null) throw forgotten(row.length === 0);
  const [place, who] = session.place ?? [database, account];
  const moved = session.place !== null && database === nowhere;
  if ((database !== place && !moved) || account !== who) throw forgotten(false);
  if (!moved) await session.run(`USE ${nowhere}`);
  session.place = [place, account];
  session.limits = limits;
}

function another({ flavour }: MysqlSession): Fault {
  return new Fault('server.unsupported', {
    field: 'dbType',
    detail: `What answers there is not ${flavour.manner.label}: it does not know its settings.`,
    tryThis: ['Choose the kind of database that the server is.', 'Or the server is older than Portcullis supports.'],
    technical: `errno ${unknownSetting}`,
  });
}

const forgotten = (nothing: boolean): Fault =>
  new Fault('session.writable', {
    detail: 'The server did not keep the settings that make the session read-only and limited.',
    field: null,
    tryThis: ['A proxy before the database may forget settings: give the address of the database itself.'],
    technical: nothing ? 'no settings were told' : 'the settings were not kept',
  });

/** The limits for statements of our own. */
export const ownLimits = ({ statementTimeoutMs }: MysqlSession): SessionLimits => ({ timeoutMs: statementTimeoutMs, maxRows: null });

/** Has these limits hold; what holds already costs nothing. */
export async function ensure(session: MysqlSession, limits: SessionLimits): Promise<void> {
  const now = session.limits;
  if (now?.timeoutMs !== limits.timeoutMs || now.maxRows !== limits.maxRows) await pin(session, limits);
}
