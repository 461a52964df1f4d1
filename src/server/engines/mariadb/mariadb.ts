import { engineWith } from '../mysql/family.ts';
import { blockedAccount, locked } from '../mysql/faults-account.ts';
import type { Flavour } from '../mysql/flavour.ts';
import { grammarOf } from '../mysql/grammar.ts';
import { leastPrivilegeScript } from '../mysql/privilege-script.ts';
import { mariadbCatalog } from './catalog.sql.ts';
import { mariadbDescription } from './describe.ts';
import { mariadbModes } from './settings.sql.ts';

const mariadbGrammar = grammarOf('mariadb');

const mariadbFlavour: Flavour = {
  id: 'mariadb',
  description: mariadbDescription,
  grammar: mariadbGrammar,
  manner: {
    label: 'MariaDB',
    defaultPort: 'MariaDB’s default is 3306',
    listening: 'bind-address',
    encrypting: 'ssl_cert and ssl_key',
    tlsVersions: 'raise tls_version on the server',
  },
  modes: mariadbModes,
  catalog: mariadbCatalog,
  privileges: {
    own: 'SHOW GRANTS',
    // The grants of a role are shown to whoever has taken it on, with those of its own roles.
    ofRole: (role) => [`SET ROLE ${role}`, 'SHOW GRANTS'],
    behind: (role) => [role === null ? 'SET ROLE NONE' : `SET ROLE ${mariadbGrammar.quote(role)}`],
  },
  serverSql: { identity: 'SELECT @@server_uid', replica: 'SELECT @@GLOBAL.read_only' },
  lowest: { version: 1006, shown: 'MariaDB 10.6' },
  makers: [
    [/SkySQL|MariaDB Cloud/i, 'MariaDB Cloud'],
    [/enterprise/i, 'MariaDB Enterprise Server'],
    [/rdsdbbin|rds/i, 'Amazon RDS for MariaDB'],
  ],
  silentDelete: 'unknown',
  errors: { 4150: blockedAccount, 4151: locked },
  account: {
    by: 'ed25519 or mysql_native_password',
    sql: "CREATE USER '…'@'…' IDENTIFIED VIA ed25519 USING PASSWORD('…')",
  },
  tooLong: 1969,
  loginScript: (database) => leastPrivilegeScript(database, []),
};

/** MariaDB: MySQL but for what stands in this folder. */
export const mariadb = engineWith(mariadbFlavour);
