import type { ServerFacts } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { shownText } from '../shown-name.ts';
import type { PostgresSession } from './session.ts';

const lowest = 120_000;

/** Who else builds PostgreSQL, by what their servers say or hold; the first that fits. */
const makers: readonly (readonly [sign: RegExp, product: string])[] = [
  [/CockroachDB/i, 'CockroachDB'],
  [/-YB-|Yugabyte/i, 'YugabyteDB'],
  [/Redshift/i, 'Amazon Redshift'],
  [/Greenplum/i, 'Greenplum'],
  [/EnterpriseDB/i, 'EDB Postgres'],
  [/\brole:aurora\b/, 'Amazon Aurora PostgreSQL'],
  [/\brole:rdsadmin\b/, 'Amazon RDS for PostgreSQL'],
  [/\brole:supabase_admin\b/, 'Supabase'],
  [/\brole:neon_superuser\b/, 'Neon'],
  [/\brole:alloydbadmin\b/, 'AlloyDB'],
  [/\brole:cloudsqladmin\b/, 'Google Cloud SQL for PostgreSQL'],
  [/\brole:(azuresu|azure_pg_admin)\b/, 'Azure Database for PostgreSQL'],
];

const factsSql = `SELECT version(), current_setting('server_version'), current_setting('server_version_num'), pg_is_in_recovery(),
  (SELECT oid FROM pg_database WHERE datname = current_database()),
  concat_ws(' ', (SELECT string_agg('role:' || rolname, ' ') FROM pg_roles
    WHERE rolname IN ('rdsadmin', 'supabase_admin', 'neon_superuser', 'alloydbadmin', 'cloudsqladmin', 'azuresu', 'azure_pg_admin')),
    (SELECT 'role:aurora' FROM pg_proc WHERE proname = 'aurora_version' LIMIT 1))`;

/** A question whose refusal is no fault: what the server will not say is null. */
async function perhaps(session: PostgresSession, text: string): Promise<readonly (string | null)[]> {
  try {
    return (await session.run(text))[0] ?? [];
  } catch (error) {
    if (error instanceof Error && 'severity' in error) return [];
    throw error;
  }
}

async function encryptionOf(session: PostgresSession): Promise<string | null> {
  const [ssl, protocol, cipher] = await perhaps(session, 'SELECT ssl, version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  if (ssl === 't') return shownText(`${protocol}, ${cipher}`, 100);
  // Encrypted on our side, and not where the server looks: something stands between.
  return session.encryption === null ? null : `${session.encryption} (as far as a proxy before the server)`;
}

/** What answers there: product, version, identity, and how the server itself sees the encryption. */
export async function readServer(session: PostgresSession): Promise<ServerFacts> {
  const [row] = await session.run(factsSql);
  const [full, version, number, recovering, database, signs] = row ?? [];
  const said = `${full ?? ''} ${signs ?? ''}`;
  const product = makers.find(([sign]) => sign.test(said))?.[1] ?? 'PostgreSQL';
  const shown = (version ?? '').replace(/[^\w.() +~:-]/g, '').slice(0, 80);
  if (!(Number(number) >= lowest)) {
    throw new Fault('server.unsupported', {
      stage: 'version',
      field: 'address.host',
      detail: `${product} ${shown} is too old: Portcullis supports PostgreSQL 12 and later.`,
      tryThis: ['Upgrade the server.'],
      technical: `server_version_num ${Number(number) || 'unknown'}`,
    });
  }
  const [system] = await perhaps(session, 'SELECT system_identifier FROM pg_control_system()');
  return {
    product,
    version: shown,
    dialect: 'postgresql',
    // Numbers, or it is no identity.
    identity: /^\d{1,20}$/.test(system ?? '') && /^\d{1,10}$/.test(database ?? '') ? `${system}/${database}` : null,
    replica: recovering === 't',
    encryption: await encryptionOf(session),
  };
}
