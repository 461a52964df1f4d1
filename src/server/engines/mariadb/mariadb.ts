import { engineWith } from '../mysql/family.ts';
import { locked } from '../mysql/faults-errno.ts';
import type { Flavour } from '../mysql/flavour.ts';
import { grammarOf } from '../mysql/grammar.ts';
import { leastPrivilegeScript } from '../mysql/privilege-script.ts';
import { mariadbCatalog } from './catalog.sql.ts';
import { mariadbDescription } from './describe.ts';
import { mariadbModes } from './settings.sql.ts';

const mariadbFlavour: Flavour = {
  id: 'mariadb',
  description: mariadbDescription,
  grammar: grammarOf('mariadb'),
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
    everyone: 'SHOW GRANTS FOR PUBLIC',
    ofRole: (role) => `SHOW GRANTS FOR ${role}`,
  },
  serverSql: { identity: 'SELECT @@server_uid', replica: 'SELECT @@GLOBAL.read_only' },
  lowest: { version: 1006, shown: 'MariaDB 10.6' },
  makers: [
    [/SkySQL|MariaDB Cloud/i, 'MariaDB Cloud'],
    [/enterprise/i, 'MariaDB Enterprise Server'],
    [/rdsdbbin|rds/i, 'Amazon RDS for MariaDB'],
  ],
  silentDelete: 'unknown',
  errors: { 4151: locked },
  tooLong: 1969,
  loginScript: (database) => leastPrivilegeScript(database, []),
};

/** MariaDB: MySQL but for what stands in this folder. */
export const mariadb = engineWith(mariadbFlavour);
