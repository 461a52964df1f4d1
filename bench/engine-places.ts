import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EngineId } from '../src/contract/engines.ts';
import { mariadbCatalog } from '../src/server/engines/mariadb/catalog.sql.ts';
import { mysqlCatalog } from '../src/server/engines/mysql/catalog.sql.ts';
import * as postgresSql from '../src/server/engines/postgres/catalog.sql.ts';
import * as sqliteSql from '../src/server/engines/sqlite/catalog.sql.ts';
import { startMysql } from '../tests/support/mysql-server.ts';
import { startPostgres } from '../tests/support/postgres.ts';
import { gate } from '../tests/support/require.ts';
import { loadGenerated } from '../tests/support/sample-database.ts';
import { type BareDriver, bareMysql, barePostgres, bareSqlite } from './bare-drivers.ts';

/** A database of one engine with so many generated tables, and a table `orders` of 10,000 rows. */
export interface BenchPlace {
  readonly id: EngineId;
  /** A registration's target, and its login where there is one. */
  readonly target: { readonly address: Record<string, unknown>; readonly login: { username: string; password: string } | null };
  readonly bare: () => Promise<BareDriver>;
  /** The catalogue queries as the engine asks them. */
  readonly catalog: readonly string[];
  readonly point: string;
  /** Placeholders as the bare driver takes them. */
  readonly barePoint: string;
  stop(): Promise<void>;
}

const count = 10_000;
const point = 'SELECT id, note FROM orders WHERE id = ?';
const login = { username: 'bench_reader', password: 'bench reader password' };
const network = (port: number, database: string) => ({ host: '127.0.0.1', port, database, tls: { mode: 'disable' }, ssh: null });

function tableSql(number: number): string {
  const parent = number === 0 ? '' : `, FOREIGN KEY (parent_id) REFERENCES t_${number - 1} (id)`;
  return `CREATE TABLE t_${number} (id int PRIMARY KEY, parent_id int, label varchar(40), quantity int, region varchar(40), total decimal(12,2), valid_on date, note varchar(40), owner varchar(40), active int${parent})`;
}

async function postgres(tables: number): Promise<BenchPlace> {
  const server = await startPostgres({ fsync: true });
  const database = 'bench';
  await loadGenerated(server, database, tables);
  await server.sql(
    `CREATE TABLE orders AS SELECT i AS id, 'note ' || i AS note FROM generate_series(1, ${count}) i; ALTER TABLE orders ADD PRIMARY KEY (id)`,
    database,
  );
  await server.createReadOnlyLogin(database, login.username, login.password);
  const { enumsSql, tablesSql, partitionsSql, dependenciesSql, columnsSql, constraintsSql, indexesSql, commentsSql } = postgresSql;
  return {
    id: 'postgresql',
    target: { address: network(server.port, database), login },
    bare: () => barePostgres({ port: server.port, database, ...login }),
    catalog: [enumsSql, tablesSql, partitionsSql, dependenciesSql, columnsSql, constraintsSql, indexesSql, commentsSql],
    point: point.replace('?', '$1'),
    barePoint: point.replace('?', '$1'),
    stop: () => server.stop(),
  };
}

const family = (kind: 'mysql' | 'mariadb') =>
  async function start(tables: number): Promise<BenchPlace> {
    const server = await startMysql(kind);
    const database = 'bench';
    await server.sql(`CREATE DATABASE ${database}`);
    for (let first = 0; first < tables; first += 200)
      await server.sql(Array.from({ length: Math.min(200, tables - first) }, (_, n) => tableSql(first + n)).join(';'), database);
    await server.sql('CREATE TABLE orders (id int PRIMARY KEY, note varchar(40))', database);
    const rows = Array.from({ length: count }, (_, n) => `(${n + 1}, 'note ${n + 1}')`);
    await server.sql(`INSERT INTO orders VALUES ${rows.join(',')}`, database);
    await server.sql(
      `CREATE USER ${login.username}@'%' IDENTIFIED BY '${login.password}'; GRANT SELECT ON ${database}.* TO ${login.username}@'%'`,
    );
    const sql = kind === 'mysql' ? mysqlCatalog : mariadbCatalog;
    const kinds = [sql.tables, sql.partitions, sql.dependencies, sql.columns, sql.keys, sql.indexes, sql.comments];
    return {
      id: kind,
      target: { address: network(server.port, database), login },
      bare: () => bareMysql({ port: server.port, database, ...login }),
      catalog: kinds.flatMap((text) => (text === null ? [] : [text.replaceAll('{database}', `'${database}'`)])),
      point,
      barePoint: point,
      stop: () => server.stop(),
    };
  };

/** `root`: the folder of the organisation's database files. */
const sqlite = (root: string) =>
  async function start(tables: number): Promise<BenchPlace> {
    mkdirSync(root, { recursive: true });
    const file = join(root, `bench-${tables}.db`);
    const database = new DatabaseSync(file);
    database.exec('BEGIN');
    for (let number = 0; number < tables; number++) database.exec(tableSql(number));
    database.exec('CREATE TABLE orders (id int PRIMARY KEY, note text)');
    const insert = database.prepare('INSERT INTO orders VALUES (?, ?)');
    for (let number = 1; number <= count; number++) insert.run(number, `note ${number}`);
    database.exec('COMMIT');
    database.close();
    return {
      id: 'sqlite',
      target: { address: { file: `bench-${tables}.db` }, login: null },
      bare: () => bareSqlite(file),
      catalog: [sqliteSql.tablesSql, sqliteSql.columnsSql, sqliteSql.foreignKeysSql, sqliteSql.indexesSql],
      point,
      barePoint: point,
      stop: async () => {},
    };
  };

/** Every engine with a database that can be started here. */
export const starters = (root: string): readonly ((tables: number) => Promise<BenchPlace>)[] => [
  ...(gate('postgres').skip ? [] : [postgres]),
  ...(gate('mysql').skip ? [] : [family('mysql')]),
  ...(gate('mariadb').skip ? [] : [family('mariadb')]),
  sqlite(root),
];
