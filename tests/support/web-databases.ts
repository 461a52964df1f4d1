import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EngineId } from '../../src/contract/engines.ts';
import type { Kind } from './mysql-binaries.ts';
import { startMysql } from './mysql-server.ts';
import { startOracleDouble } from './oracle-double.ts';
import { paperAnswer } from './oracle-paper.ts';
import { ora } from './oracle-values.ts';
import { startPostgres } from './postgres.ts';
import { gate } from './require.ts';
import { table } from './tds-messages.ts';
import { tdsPaper } from './tds-paper.ts';
import { startStandIn } from './tds-stand-in.ts';

/** A database as a person enters it into the form: what belongs into each field, by the field's title. */
export interface WebDatabase {
  readonly fields: Readonly<Record<string, string>>;
  /** A table whose name or columns need the engine's own quotes, as the page names it. */
  readonly table: string;
  /** What a statement that was begun from the table shows of its names. */
  readonly written: string;
  stop(): Promise<void>;
}

const login = { Username: 'reader', Password: 'a password to read' };
const network = (port: number) => ({ Host: '127.0.0.1', Port: String(port), ...login });
/** The two rows that each of them has. */
const cells = [
  ['1', 'one', 'first'],
  ['2', 'two', 'second'],
];
const insert = (name: string) => `INSERT INTO ${name} VALUES (1, 'one', 'first'), (2, 'two', 'second')`;

async function postgres(): Promise<WebDatabase> {
  const server = await startPostgres();
  await server.createDatabase('shop');
  const name = 'public."Order"';
  await server.sql(`CREATE TABLE ${name} (id int PRIMARY KEY, "group" text, "two words" text); ${insert(name)}`, 'shop');
  await server.createReadOnlyLogin('shop', login.Username, login.Password);
  const fields = { ...network(server.port), Database: 'shop' };
  return { fields, table: 'public.Order', written: '"group", "two words"', stop: () => server.stop() };
}

const ofFamily = (kind: Kind) => async (): Promise<WebDatabase> => {
  const server = await startMysql(kind);
  await server.sql('CREATE DATABASE shop CHARACTER SET utf8mb4');
  const made = 'CREATE TABLE `order` (id int PRIMARY KEY, `group` varchar(20), `two words` varchar(20))';
  const user = `CREATE USER reader@'%' IDENTIFIED BY '${login.Password}'; GRANT SELECT, SHOW VIEW ON shop.* TO reader@'%'`;
  await server.sql(`${made}; ${insert('`order`')}; ${user}`, 'shop');
  const fields = { ...network(server.port), Database: 'shop' };
  return { fields, table: 'shop.order', written: '`group`, `two words`', stop: () => server.stop() };
};

async function sqlite(folder: string): Promise<WebDatabase> {
  const path = `${folder}/shop.db`;
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE "order" (id INTEGER PRIMARY KEY, "group" TEXT, "two words" TEXT); ${insert('"order"')}`);
  database.close();
  return { fields: { File: 'shop.db' }, table: 'main.order', written: '"group", "two words"', stop: async () => undefined };
}

async function sqlServer(): Promise<WebDatabase> {
  // It knows no SQL, but answers only what was written as the engine wants it.
  const rows = table(['id', 'group', 'two words'], cells);
  const nothing = table(['nothing'], []);
  const answer = tdsPaper((sql) => (/^SELECT id, \[group\], \[two words\]\s+FROM \[dbo\]\.\[Order\]$/.test(sql) ? rows : nothing));
  const standIn = await startStandIn({ password: login.Password, answer });
  const fields = { ...network(standIn.port), Database: 'shop' };
  return { fields, table: 'dbo.Order', written: '[group], [two words]', stop: () => standIn.close() };
}

async function oracle(): Promise<WebDatabase> {
  const column = (place: number, name: string) =>
    ['APP', 'Order', place, name, 'VARCHAR2', null, 100, 25, 'C', null, null, 'Y', 'NO', 'NO', null] as const;
  const names = ['ID', 'group', 'two words'];
  const rows = { cols: names.map((name) => ({ name, type: ora.VARCHAR, size: 100 })), rows: cells };
  const answer = paperAnswer([
    [/^SELECT ID, "group", "two words"\s+FROM "APP"\."Order"$/, rows],
    [/^SELECT owner, table_name, num_rows/, [['APP', 'Order', 2, 'NO']]],
    [/privilege IN \('SELECT', 'READ'\)/, [['APP', 'Order']]],
    [/FROM sys\.all_tab_cols/, names.map((name, at) => column(at + 1, name))],
  ]);
  const double = await startOracleDouble({ users: { [login.Username]: login.Password }, answer });
  const fields = { ...network(double.port), Service: 'FREEPDB1' };
  return { fields, table: 'APP.Order', written: 'ID, "group", "two words"', stop: () => double.close() };
}

interface Kept {
  readonly id: EngineId;
  readonly label: string;
  readonly skip: boolean;
  /** Whether the truth table tells anything of it. */
  readonly tried: boolean;
  /** Starts it; `folder`: where the organisation's database files lie. */
  start(folder: string): Promise<WebDatabase>;
}

/** One database of each kind: real ones where a test can start one, a stand-in where not. */
export const webDatabases: readonly Kept[] = [
  { id: 'postgresql', label: 'PostgreSQL', skip: gate('postgres').skip, tried: true, start: postgres },
  { id: 'mysql', label: 'MySQL', skip: gate('mysql').skip, tried: true, start: ofFamily('mysql') },
  { id: 'mariadb', label: 'MariaDB', skip: gate('mariadb').skip, tried: true, start: ofFamily('mariadb') },
  { id: 'sqlserver', label: 'SQL Server', skip: false, tried: false, start: sqlServer },
  { id: 'oracle', label: 'Oracle', skip: false, tried: false, start: oracle },
  { id: 'sqlite', label: 'SQLite', skip: false, tried: true, start: sqlite },
];
