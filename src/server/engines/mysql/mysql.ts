import { mysqlCatalog } from './catalog.sql.ts';
import { mysqlDescription } from './describe.ts';
import { engineWith } from './family.ts';
import type { Flavour } from './flavour.ts';
import { mysqlGrammar } from './grammar.ts';
import { leastPrivilegeScript } from './privilege-script.ts';
import { mysqlModes } from './settings.sql.ts';

/** What MySQL is among its family. */
export const mysqlFlavour: Flavour = {
  id: 'mysql',
  description: mysqlDescription,
  grammar: mysqlGrammar,
  manner: {
    label: 'MySQL',
    defaultPort: 'MySQL’s default is 3306',
    listening: 'bind-address',
    encrypting: 'ssl_cert and ssl_key',
    tlsVersions: 'raise tls_version on the server',
  },
  modes: mysqlModes,
  catalog: mysqlCatalog,
  privileges: {
    own: 'SHOW GRANTS',
    ofRole: (role) => [`SHOW GRANTS FOR CURRENT_USER() USING ${role}`],
    behind: () => [],
  },
  serverSql: { identity: 'SELECT @@server_uuid', replica: 'SELECT @@GLOBAL.read_only OR @@GLOBAL.super_read_only' },
  lowest: { version: 800, shown: 'MySQL 8.0' },
  makers: [
    [/TiDB/i, 'TiDB'],
    [/Vitess|PlanetScale/i, 'Vitess'],
    [/SingleStore|MemSQL/i, 'SingleStore'],
    [/Percona/i, 'Percona Server for MySQL'],
    [/aurora/i, 'Amazon Aurora MySQL'],
    [/rdsdbbin|rds/i, 'Amazon RDS for MySQL'],
    [/\(Google\)|cloudsql/i, 'Google Cloud SQL for MySQL'],
    [/azure/i, 'Azure Database for MySQL'],
    [/HeatWave|MySQL Enterprise - Cloud/i, 'MySQL HeatWave'],
  ],
  silentDelete: 'unknown',
  errors: {},
  account: { by: 'caching_sha2_password', sql: "CREATE USER '…'@'…' IDENTIFIED WITH caching_sha2_password BY '…'" },
  tooLong: 3024,
  loginScript: (database) => leastPrivilegeScript(database, []),
};

/** MySQL, and what is built from it. */
export const mysql = engineWith(mysqlFlavour);
