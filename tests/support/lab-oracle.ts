import { createHash, randomBytes } from 'node:crypto';
import oracledb from 'oracledb';
import { oracle } from '../../src/server/engines/oracle/oracle.ts';
import { type Lab, openWith } from './engine-lab.ts';
import { noFiles } from './open-postgres.ts';
import { exactOfOracle, schemaOfOracle } from './oracle-schema.ts';

/*
 * A real Oracle, named by PORTCULLIS_TEST_ORACLE_URL (oracle://system:password@host:1521/FREEPDB1), in which the suite makes users and schemas of
 * its own and takes them away behind it. The user of the URL has to be an administrator. There is none on most machines: see
 * tests/servers/compose.yaml.
 */

/** An administrator's connection, for what the engine itself never does. */
async function administer<T>(url: URL, work: (run: (sql: string) => Promise<unknown[][]>) => Promise<T>): Promise<T> {
  const connection = await oracledb.getConnection({
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    connectString: `${url.hostname}:${url.port || 1521}${url.pathname}`,
    connectTimeout: 20,
  });
  try {
    return await work(async (sql) => (await connection.execute<unknown[]>(sql, [], { autoCommit: true })).rows ?? []);
  } finally {
    await connection.close();
  }
}

/** The Oracle of the URL, with schemas of its own. */
export async function oracleLab(): Promise<Lab> {
  const url = new URL(process.env.PORTCULLIS_TEST_ORACLE_URL ?? '');
  const name = `PORTCULLIS_LAB_${randomBytes(4).toString('hex').toUpperCase()}`;
  const odd = `od'd ${name}`;
  const password = `Aa1_${randomBytes(10).toString('hex')}`;
  const logins = { reader: { username: `${name}_READER`, password }, strongest: { username: `${name}_STRONG`, password } };
  const users = [name, odd, logins.reader.username, logins.strongest.username];
  const ours = `username IN ('${logins.reader.username}', '${logins.strongest.username}')`;
  const killAll = async (run: (sql: string) => Promise<unknown[][]>) => {
    for (const [sid, serial] of await run(`SELECT sid, serial# FROM v$session WHERE ${ours}`))
      await run(`ALTER SYSTEM KILL SESSION '${sid},${serial}' IMMEDIATE`).catch(() => undefined);
  };
  const clean = () =>
    administer(url, async (run) => {
      await killAll(run);
      for (const user of users) await run(`DROP USER "${user}" CASCADE`).catch(() => undefined);
    });
  try {
    await administer(url, async (run) => {
      for (const user of users) await run(`CREATE USER "${user}" IDENTIFIED BY "${password}" QUOTA UNLIMITED ON users`);
      for (const { username } of Object.values(logins)) await run(`GRANT CREATE SESSION TO "${username}"`);
      await run(`GRANT DBA TO "${logins.strongest.username}"`);
      for (const sql of schemaOfOracle(name, odd, logins.reader.username)) await run(sql);
    });
  } catch (error) {
    await clean().catch(() => undefined);
    throw error;
  }
  const address = oracle.address.parse({
    host: url.hostname,
    port: Number(url.port || 1521),
    service: url.pathname.slice(1),
    tls: { mode: 'disable' },
    ssh: null,
  });
  const evil = 'ev;il; DROP TABLE crew --';
  const counted = (rows: number) => `(SELECT LEVEL AS l FROM sys.dual CONNECT BY LEVEL <= ${Math.max(1, rows)})`;
  return {
    engine: oracle,
    address,
    strengths: ['reader', 'strongest'],
    tables: [`${name}.crew`, `${name}.sailing`, `${name}.ship`, `${odd}.${evil}`],
    // A name cannot hold a double quote here.
    evil: { table: evil, columns: ["sel'ect", 'a b', 'ünï👾', 'new\nline'] },
    statements: {
      rows: (rows) => `SELECT CAST(l AS NUMBER(9)) AS i FROM ${counted(rows)} WHERE l <= ${rows}`,
      endless: `SELECT COUNT(*) FROM ${counted(10_000)} a CROSS JOIN ${counted(10_000)} b CROSS JOIN ${counted(10_000)} c CROSS JOIN ${counted(10_000)} d`,
      wide: (rows) => `SELECT RPAD('0', 1000, '0') AS w FROM ${counted(rows)}`,
      exact: exactOfOracle,
      failing: { sql: `SELECT TO_NUMBER("name") FROM "${name}"."crew"`, value: 'secret-value-7' },
      mistaken: `SELECT "nonesuch" FROM "${name}"."crew"`,
    },
    open: ({ strength = 'reader', signal } = {}) => openWith(oracle, address, logins[strength], noFiles, signal),
    fill: (sql) => sql,
    // The truth table has no column of this engine: nobody has run it in CI.
    recorded: true,
    async sessions() {
      const sql = `SELECT COUNT(*), COUNT(CASE WHEN status = 'ACTIVE' THEN 1 END) FROM v$session WHERE ${ours} AND status <> 'KILLED'`;
      const [row] = await administer(url, (run) => run(sql));
      return { open: Number(row?.[0]), running: Number(row?.[1]) };
    },
    async state() {
      const owner = `owner IN ('${name}', '${odd.replaceAll("'", "''")}')`;
      const rows = await administer(url, async (run) => [
        await run(`SELECT "id", "name", "imo", "flag", "boss" FROM "${name}"."crew" ORDER BY 1`),
        await run(`SELECT "imo", "flag", "name", "tons" FROM "${name}"."ship" ORDER BY 1`),
        await run(`SELECT object_name, object_type, last_ddl_time FROM dba_objects WHERE ${owner} ORDER BY 1, 2`),
        await run(`SELECT sequence_name, last_number FROM dba_sequences WHERE sequence_owner = '${name}' ORDER BY 1`),
        await run(`SELECT COUNT(*) FROM dba_tab_privs WHERE ${owner}`),
        await run('SELECT COUNT(*) FROM dba_users'),
      ]);
      return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
    },
    /** A server cannot be restarted from here: every session is ended, as a restart does. */
    restart: () => administer(url, killAll),
    stop: clean,
  };
}
