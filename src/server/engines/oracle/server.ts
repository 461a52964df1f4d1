import type { ServerFacts } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { shownText } from '../shown-name.ts';
import { oracleCode } from './faults.ts';
import type { OracleSession, Row } from './session.ts';

const oldest = 12;

/** What every login may ask. */
const contextSql = `SELECT SYS_CONTEXT('USERENV', 'DB_UNIQUE_NAME'), SYS_CONTEXT('USERENV', 'DB_DOMAIN'), SYS_CONTEXT('USERENV', 'CON_NAME'),
  SYS_CONTEXT('USERENV', 'NETWORK_PROTOCOL'), SYS_CONTEXT('USERENV', 'DATABASE_ROLE') FROM sys.dual`;
/** What only some may. */
const numberSql = 'SELECT dbid, con_dbid FROM sys.v_$database';
const bannerSql = "SELECT banner FROM sys.v_$version WHERE banner LIKE 'Oracle%'";

/** A question whose refusal is no fault: what the server will not say is nothing. */
async function perhaps(session: OracleSession, sql: string): Promise<Row> {
  try {
    return (await session.run(sql))[0] ?? [];
  } catch (error) {
    if (session.usable && oracleCode(error)?.startsWith('ORA-')) return [];
    throw error;
  }
}

/** Protocol and cipher are ours; that it is encrypted is the server's own word. */
function encryptionOf(session: OracleSession, protocol: string | null | undefined): string | null {
  if (session.encryption === null) return null;
  return protocol === 'tcps' ? `${session.encryption} (tcps)` : `${session.encryption} (as far as a proxy before the server)`;
}

/**
 * What tells the database from any other: its number, where the login may read it; otherwise its names. Names are given by people, so two databases
 * may have the same.
 */
async function identityOf(session: OracleSession, names: readonly (string | null | undefined)[]): Promise<string | null> {
  const [unique, , container] = names;
  const plain = (text: string | null | undefined) => shownText(text ?? '', 130).replace(/[^\w.$#-]/g, '_');
  const [number, pluggable] = await perhaps(session, numberSql);
  if (/^\d{1,20}$/.test(number ?? '')) return `${number}/${/^\d{1,20}$/.test(pluggable ?? '') ? pluggable : plain(container)}`;
  if (!unique) return null;
  return names
    .slice(0, 3)
    .map(plain)
    .filter((name) => name !== '')
    .join('/');
}

/** What answers there: product, version, identity, and how the server itself sees the encryption. */
export async function readServer(session: OracleSession): Promise<ServerFacts> {
  const version = session.version.replace(/[^\d.]/g, '').slice(0, 40);
  if (!(Number.parseInt(version, 10) >= oldest))
    throw new Fault('server.unsupported', {
      stage: 'version',
      field: 'address.host',
      detail: `Oracle Database ${version} is too old: Portcullis supports 12.1 and later.`,
      tryThis: ['Upgrade the server.'],
      technical: `version ${version || 'unknown'}`,
    });
  const [row = []] = await session.run(contextSql);
  const [banner] = await perhaps(session, bannerSql);
  const product = /^Oracle [\w ]+?(?= Release| - |$)/.exec(shownText(banner ?? '', 100))?.[0] ?? 'Oracle Database';
  return {
    product,
    version,
    dialect: 'oracle',
    identity: await identityOf(session, row),
    replica: /STANDBY/i.test(row[4] ?? ''),
    encryption: encryptionOf(session, row[3]),
  };
}
