import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mysql } from '../../src/server/engines/mysql/mysql.ts';
import { type Lab, openWith } from './engine-lab.ts';
import { startMysql } from './mysql-server.ts';
import { type Exact, exactOfFamily, exactOfMysql } from './mysql-values.ts';
import { noFiles } from './open-postgres.ts';

const evil = '`ev"il; DROP TABLE crew --`';
/** What every member of the family takes. */
const schemaSql = `
CREATE TABLE ship (imo varchar(20) NOT NULL, flag char(2) NOT NULL, name varchar(50) NOT NULL UNIQUE, tons decimal(9,2), heavy boolean GENERATED ALWAYS AS (tons > 1000) STORED, PRIMARY KEY (imo, flag));
CREATE TABLE crew (id integer AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL COMMENT 'As in the passport', imo varchar(20), flag char(2), born date DEFAULT '1970-01-01',
  mood enum('calm', 'wild', 'it''s'), boss integer, FOREIGN KEY (boss) REFERENCES crew (id), FOREIGN KEY (imo, flag) REFERENCES ship (imo, flag) ON DELETE CASCADE, KEY crew_by_name (name)) COMMENT 'Who sails';
CREATE TABLE ${evil} (\`sel"ect\` integer, \`a b\` text, \`ünï\` text, \`new
line\` text);
CREATE VIEW sailing AS SELECT c.name, s.name AS ship FROM crew c JOIN ship s USING (imo, flag);
CREATE FUNCTION add_crew() RETURNS integer DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO crew (name) VALUES ('x'); RETURN 1; END;
CREATE PROCEDURE add_more() MODIFIES SQL DATA INSERT INTO crew (name) VALUES ('x');
CREATE TABLE kinds (f4 float, f8 double, bits bit(10), years year, wide bigint unsigned, small mediumint, moment timestamp(3) NULL, zero datetime(6), day date, span time(2), many set('a', 'b'), shape geometry, raw varbinary(10), json json);
SET SESSION sql_mode = '', time_zone = '+02:00';
INSERT INTO kinds VALUES (0.1, 0.1e0 + 0.2e0, b'0000000101', 1999, 18446744073709551615, -8388608, '2024-02-29 12:00:00.120', '0000-00-00 00:00:00', '2024-00-00', '-838:59:58.50', 'a,b', ST_GeomFromText('POLYGON((0 0, 1 0, 1 1.5, 0 0))'), x'00ff10', '{"a": 12345678901234567890}');
INSERT INTO ship (imo, flag, name, tons) VALUES ('1', 'NO', 'Fram', 402.5), ('2', 'UK', 'Beagle', 242);
INSERT INTO crew (name, imo, flag) VALUES ('secret-value-7', '1', 'NO'), ('Amundsen', '1', 'NO');
INSERT INTO ${evil} VALUES (1, 'x', 'y', 'z');
ANALYZE TABLE crew, ship`;

const stateSql = [
  'SELECT * FROM crew ORDER BY id',
  'SELECT * FROM ship ORDER BY imo',
  'SHOW CREATE TABLE crew',
  'SHOW TABLES',
  'SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2',
  'SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1',
  'SELECT TRIGGER_NAME FROM information_schema.TRIGGERS ORDER BY 1',
  'SELECT EVENT_NAME FROM information_schema.EVENTS ORDER BY 1',
  'SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY 1',
  'SELECT User, Host FROM mysql.user ORDER BY 1, 2',
  'SELECT * FROM mysql.tables_priv ORDER BY Host, Db, User, Table_name',
  'SELECT * FROM mysql.db ORDER BY Host, Db, User',
  'SELECT @@GLOBAL.max_connections, @@GLOBAL.general_log, @@GLOBAL.read_only',
];

/** In what labs of the family differ. */
export interface LabMember {
  readonly engine: Lab['engine'];
  readonly exact: Exact;
  readonly readsOfViews: boolean;
  readonly recorded: (version: string) => boolean;
}

/** A server of the family of its own. */
export async function labOf({ engine, exact, readsOfViews, recorded }: LabMember): Promise<Lab> {
  const server = await startMysql(engine.id === 'mysql' ? 'mysql' : 'mariadb');
  const loot = join(server.folder, 'portcullis-loot');
  await server.sql('CREATE DATABASE lab CHARACTER SET utf8mb4');
  await server.sql(schemaSql, 'lab');
  await server.sql("CREATE USER reader@'%' IDENTIFIED BY 'secret'; GRANT SELECT, SHOW VIEW ON lab.* TO reader@'%'");
  const [version] = await server.sql('SELECT VERSION() AS version');
  const reader = { username: 'reader', password: 'secret' };
  const address = engine.address.parse({ host: '127.0.0.1', port: server.port, database: 'lab', tls: { mode: 'disable' }, ssh: null });
  const count = (rows: number) => `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < ${rows})`;
  return {
    engine,
    address,
    strengths: ['reader', 'strongest'],
    tables: ['lab.crew', 'lab.ev"il; DROP TABLE crew --', 'lab.kinds', 'lab.sailing', 'lab.ship'],
    readsOfViews,
    oddName: 'ünï',
    statements: {
      rows: (rows) => `${count(rows)} SELECT i FROM r WHERE i <= ${rows}`,
      endless: `${count(1000)} SELECT COUNT(*) FROM r a, r b, r c, r d`,
      wide: (rows) => `${count(rows)} SELECT LPAD(i, 1000, '0') FROM r`,
      exact,
      failing: { sql: "SELECT UPDATEXML('<a/>', CONCAT('~', name), 'x') FROM lab.crew", value: 'secret-value-7' },
      mistaken: 'SELECT nonesuch FROM lab.crew',
    },
    open({ strength = 'reader', signal } = {}) {
      return openWith(engine, address, strength === 'reader' ? reader : server.root, noFiles, signal);
    },
    fill: (sql) => sql.replaceAll('{loot}', loot).replaceAll('{folder}', server.folder),
    recorded: recorded(String(version?.version)),
    async sessions() {
      const rows = await server.sql(
        "SELECT COMMAND FROM information_schema.PROCESSLIST WHERE DB IN ('lab', 'information_schema') AND COMMAND <> 'Killed'",
      );
      return { open: rows.length, running: rows.filter(({ COMMAND }) => !['Sleep', 'Reset Connection'].includes(String(COMMAND))).length };
    },
    async state() {
      const parts: unknown[] = [];
      for (const sql of stateSql) parts.push(await server.sql(sql, 'lab'));
      const looted = existsSync(loot);
      rmSync(loot, { force: true });
      return `${createHash('sha256').update(JSON.stringify(parts)).digest('hex')} ${looted}`;
    },
    restart: () => server.restart(),
    stop: () => server.stop(),
  };
}

/** A MySQL of its own. */
export const mysqlLab = (): Promise<Lab> =>
  labOf({ engine: mysql, exact: exactOfMysql(exactOfFamily), readsOfViews: true, recorded: (version) => version.startsWith('9.') });
