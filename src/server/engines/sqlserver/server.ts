import type { ServerFacts } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import type { Cell } from '../engine.ts';
import { shownText } from '../shown-name.ts';
import type { Row } from './answer.ts';
import { ServerError } from './server-error.ts';
import type { SqlServerSession } from './session.ts';

/** The first version that speaks TLS 1.2 to us and has all that is asked of it: 2014, whose number other products give as theirs. */
const lowest = 12;

/** Editions of the engine that are products of their own. */
const editions: Readonly<Record<string, string>> = {
  5: 'Azure SQL Database',
  6: 'Azure Synapse Analytics',
  8: 'Azure SQL Managed Instance',
  9: 'Azure SQL Edge',
  11: 'Microsoft Fabric or Synapse serverless',
  12: 'SQL database in Microsoft Fabric',
};

const factsSql = `SELECT CAST(@@VERSION AS nvarchar(300)), CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(50)),
  CAST(SERVERPROPERTY('EngineEdition') AS int), CAST(SERVERPROPERTY('ServerName') AS nvarchar(256)), CAST(DB_ID() AS int),
  (SELECT CONVERT(nvarchar(30), create_date, 126) FROM sys.databases WHERE name = DB_NAME()),
  CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(20));`;

/** Takes VIEW SERVER STATE (or VIEW SERVER SECURITY STATE), which a reader rarely has. */
const encryptionSql = 'SELECT CAST(encrypt_option AS nvarchar(10)) FROM sys.dm_exec_connections WHERE session_id = @@SPID;';

/** A question whose refusal is no fault: what the server will not say is empty. */
export async function perhaps(session: SqlServerSession, text: string): Promise<readonly Row[]> {
  try {
    return await session.run(text);
  } catch (error) {
    if (error instanceof ServerError && error.severity < 20) return [];
    throw error;
  }
}

const text = (value: Cell | undefined): string => (typeof value === 'string' ? value : '');

async function encryptionOf(session: SqlServerSession): Promise<string | null> {
  const [row] = await perhaps(session, encryptionSql);
  const option = text(row?.[0]).toUpperCase();
  if (option === 'TRUE') return `${session.encryption ?? 'TLS'} (the server says so too)`;
  if (session.encryption === null) return null;
  return option === 'FALSE'
    ? `${session.encryption} (as far as a proxy before the server)`
    : `${session.encryption} (as agreed on with us; the server shows its own view only with VIEW SERVER STATE)`;
}

/** What answers there: product, version, identity, and how the server itself sees the encryption. */
export async function readServer(session: SqlServerSession): Promise<ServerFacts> {
  const [row = []] = await session.run(factsSql);
  const [full, version, edition, name, database, created, updateability] = row;
  const product = /Babelfish/i.test(text(full)) ? 'Babelfish' : (editions[String(edition)] ?? 'Microsoft SQL Server');
  const shown = text(version)
    .replace(/[^\w.-]/g, '')
    .slice(0, 40);
  if (!(Number.parseInt(shown, 10) >= lowest))
    throw new Fault('server.unsupported', {
      stage: 'version',
      field: 'address.host',
      detail: `${product} ${shown || 'of an unknown version'} is too old: Portcullis supports SQL Server 2014 (12.0) and later.`,
      tryThis: ['Upgrade the server.'],
      technical: `ProductVersion ${shown || 'unknown'}`,
    });
  const isKnown = text(name) !== '' && Number.isInteger(Number(database)) && /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text(created));
  return {
    product,
    version: shown,
    dialect: 'mssql',
    identity: isKnown ? `${shownText(text(name), 256)}/${database}/${text(created)}` : null,
    replica: text(updateability) === 'READ_ONLY',
    encryption: await encryptionOf(session),
  };
}
