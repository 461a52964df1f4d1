import { createHash, randomBytes } from 'node:crypto';
import type { Connection, Request } from 'tedious';
import type { Tls } from '../../src/contract/engines.ts';
import { sqlserver } from '../../src/server/engines/sqlserver/sqlserver.ts';
import type { Fault } from '../../src/server/platform/fault.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { type Lab, openWith } from './engine-lab.ts';
import { dial, noFiles } from './open-postgres.ts';
import { exactOfSqlServer, schemaOfSqlServer } from './sqlserver-schema.ts';

/*
 * A real SQL Server, named by PORTCULLIS_TEST_SQLSERVER_URL (sqlserver://sa:password@host:1433), in which the suite makes a database and two
 * logins of its own and takes them away behind it. The login of the URL has to be an administrator. There is none on most machines: see
 * tests/servers/compose.yaml.
 */

/** An administrator's connection, for what the engine itself never does. */
class Administrator {
  readonly #url: URL;
  constructor(url: URL) {
    this.#url = url;
  }

  /** Runs batches one after the other in a connection of their own; answers with the rows of the last. */
  async run(batches: readonly string[], database = 'master'): Promise<unknown[][]> {
    const tedious = await import('tedious');
    const connection: Connection = new tedious.Connection({
      server: this.#url.hostname,
      authentication: {
        type: 'default',
        options: { userName: decodeURIComponent(this.#url.username), password: decodeURIComponent(this.#url.password) },
      },
      options: { port: Number(this.#url.port || 1433), database, encrypt: true, trustServerCertificate: true, requestTimeout: 60_000 },
    });
    connection.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
    try {
      let rows: unknown[][] = [];
      for (const batch of batches) {
        rows = [];
        await new Promise<void>((resolve, reject) => {
          const request: Request = new tedious.Request(batch, (error) => (error ? reject(error) : resolve()));
          request.on('row', (columns: { value: unknown }[]) => rows.push(columns.map(({ value }) => value)));
          connection.execSqlBatch(request);
        });
      }
      return rows;
    } finally {
      connection.close();
    }
  }
}

/** The certificate that the server shows, as it is: most test servers have signed their own. */
async function pinOf(host: string, port: number): Promise<Tls> {
  const address = sqlserver.address.parse({ host, port, database: 'master', tls: { mode: 'pinned', sha256: '0'.repeat(64) }, ssh: null });
  const how = { dial, files: noFiles, signal: AbortSignal.timeout(10_000), statementTimeoutMs: 10_000 };
  const fault: Fault = await sqlserver.open(address, { username: 'nobody', password: new Secret('nothing') }, how).then(
    () => Promise.reject(new Error('a certificate that was not the pinned one was taken')),
    (error) => error,
  );
  const sha256 = /[0-9a-f]{64}/.exec(fault.about?.technical ?? '')?.[0];
  if (!sha256) throw fault;
  return { mode: 'pinned', sha256 };
}

const stateSql = (database: string): string => `USE [${database}];
SELECT (SELECT * FROM dbo.crew ORDER BY id FOR XML AUTO), (SELECT * FROM dbo.ship ORDER BY imo FOR XML AUTO), IDENT_CURRENT('dbo.crew'),
  (SELECT COUNT(*) FROM sys.all_objects), (SELECT COUNT(*) FROM sys.all_columns), (SELECT COUNT(*) FROM sys.database_permissions),
  (SELECT COUNT(*) FROM sys.database_principals), (SELECT COUNT(*) FROM sys.databases), (SELECT COUNT(*) FROM sys.server_principals),
  (SELECT CHECKSUM_AGG(CHECKSUM(CAST(value AS int))) FROM sys.configurations), (SELECT MAX(modify_date) FROM sys.objects)`;

/** The SQL Server of the URL, with a database of its own. */
export async function sqlServerLab(): Promise<Lab> {
  const url = new URL(process.env.PORTCULLIS_TEST_SQLSERVER_URL ?? '');
  const [host, port] = [url.hostname, Number(url.port || 1433)];
  const administrator = new Administrator(url);
  const name = `portcullis_lab_${randomBytes(4).toString('hex')}`;
  const password = `Aa1-${randomBytes(12).toString('base64url')}`;
  const logins = { reader: { username: `${name}_reader`, password }, strongest: { username: `${name}_strong`, password } };
  const clean = async () => {
    const kill = `DECLARE @kill nvarchar(max) = N''; SELECT @kill += N'KILL ' + CAST(session_id AS nvarchar(9)) + N';' FROM sys.dm_exec_sessions
      WHERE program_name = N'portcullis' AND original_login_name LIKE N'${name}%'; EXEC (@kill);`;
    await administrator.run([
      kill,
      `IF DB_ID(N'${name}') IS NOT NULL BEGIN ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [${name}]; END`,
      ...Object.values(logins).map(({ username }) => `IF SUSER_ID(N'${username}') IS NOT NULL DROP LOGIN [${username}]`),
    ]);
  };
  try {
    await administrator.run([
      `CREATE DATABASE [${name}]`,
      ...Object.values(logins).map(({ username }) => `CREATE LOGIN [${username}] WITH PASSWORD = N'${password}', CHECK_POLICY = OFF`),
      `ALTER SERVER ROLE sysadmin ADD MEMBER [${logins.strongest.username}]`,
    ]);
    await administrator.run([...schemaOfSqlServer, ...grantsTo(logins.reader.username)], name);
  } catch (error) {
    await clean().catch(() => undefined);
    throw error;
  }
  const tls = await pinOf(host, port);
  const address = sqlserver.address.parse({ host, port, database: name, tls, ssh: null });
  const count = (rows: number) =>
    `SELECT TOP (${rows}) CAST(ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) AS int) AS i FROM sys.all_columns a CROSS JOIN sys.all_columns b`;
  return {
    engine: sqlserver,
    address,
    strengths: ['reader', 'strongest'],
    tables: ['dbo.crew', 'dbo.sailing', 'dbo.ship', 'od\'d "schema.ev"il; DROP TABLE crew --'],
    statements: {
      rows: count,
      endless: 'WITH r(i) AS (SELECT 1 UNION ALL SELECT (i + 1) % 1000000 FROM r) SELECT COUNT(*) FROM r OPTION (MAXRECURSION 0)',
      wide: (rows) => `SELECT TOP (${rows}) REPLICATE('0', 1000) AS w FROM sys.all_columns a CROSS JOIN sys.all_columns b`,
      exact: exactOfSqlServer,
      failing: { sql: 'SELECT CAST(name AS int) FROM dbo.crew', value: 'secret-value-7' },
      mistaken: 'SELECT nonesuch FROM dbo.crew',
    },
    open: ({ strength = 'reader', signal } = {}) => openWith(sqlserver, address, logins[strength], noFiles, signal),
    fill: (sql) => sql.replace('{loot}', '/tmp/portcullis-loot'),
    // The truth table has no column of this engine: nobody has run it in CI.
    recorded: true,
    async sessions() {
      const [row] = await administrator.run([
        `SELECT COUNT(*), COUNT(r.session_id) FROM sys.dm_exec_sessions s LEFT JOIN sys.dm_exec_requests r ON r.session_id = s.session_id
         WHERE s.program_name = N'portcullis' AND s.original_login_name LIKE N'${name}%'`,
      ]);
      return { open: Number(row?.[0]), running: Number(row?.[1]) };
    },
    async state() {
      const rows = await administrator.run([stateSql(name)]);
      return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
    },
    /** A server cannot be restarted from here: every session is ended, as a restart does. */
    async restart() {
      await administrator.run([
        `DECLARE @kill nvarchar(max) = N''; SELECT @kill += N'KILL ' + CAST(session_id AS nvarchar(9)) + N';' FROM sys.dm_exec_sessions
         WHERE program_name = N'portcullis' AND original_login_name LIKE N'${name}%'; EXEC (@kill);`,
      ]);
    },
    stop: clean,
  };
}

const grantsTo = (reader: string): string[] => [
  `CREATE USER [${reader}] FOR LOGIN [${reader}]`,
  `GRANT SELECT TO [${reader}]`,
  `GRANT VIEW DEFINITION TO [${reader}]`,
  `GRANT SELECT ON sys.sql_expression_dependencies TO [${reader}]`,
];
