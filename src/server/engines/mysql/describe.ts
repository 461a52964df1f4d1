import type { EngineDescription } from '../../../contract/engines.ts';
import { encryptionField, field, hostAndPort, loginFields } from '../network/fields.ts';
import { MysqlAddress } from './address.ts';
import { leastPrivilegeScript } from './privilege-script.ts';

const port = 3306;

/** What the form shows in which the members of the family differ. */
export type Differing = Pick<EngineDescription, 'id' | 'label' | 'mark' | 'hue' | 'alsoFits' | 'traits' | 'stringExamples'> & {
  readonly editor: string;
  readonly strong: string;
  readonly scriptMore: readonly string[];
};

/** A member of the family as the form draws it. */
export const describeOf = ({ editor, strong, scriptMore, traits, ...rest }: Differing): EngineDescription => ({
  ...rest,
  defaultPort: port,
  address: [
    ...hostAndPort(MysqlAddress, port),
    field(MysqlAddress, { name: 'database', title: 'Database', widget: 'text', section: 'where', order: 3, placeholder: 'sales' }),
    encryptionField(MysqlAddress, 4),
  ],
  credentials: loginFields(5, strong),
  loginScript: leastPrivilegeScript('<your database>', scriptMore),
  sql: { editor, open: '`', close: '`', bare: '^[A-Za-z_][A-Za-z0-9_]*$' },
  traits: [
    {
      name: 'Read-only transactions',
      holds: true,
      reason:
        'The session and every transaction in it are READ ONLY, and the test proves that a write and a change of the schema are refused. Files and settings are not covered by it: the account is the boundary there.',
    },
    { name: 'Row estimates', holds: true, reason: 'From the statistics of the storage engine, which can be far off; nothing is counted.' },
    { name: 'Times', holds: true, reason: 'TIMESTAMP values and the clock are in UTC, whatever the server is set to.' },
    {
      name: 'One database',
      holds: true,
      reason: 'A connection reads the database that its address names, and no other one of the server.',
    },
    ...traits,
    { name: 'Client certificates', holds: true, reason: 'Shown to a server that asks for one (REQUIRE X509), beside the password.' },
    { name: 'SSH tunnel', holds: true, reason: 'Every connection to the server goes through it, also those that end a statement.' },
    { name: 'PAM, LDAP, Kerberos', holds: false, reason: 'Only a name and a password are supported.' },
  ],
});

/** MySQL as the form draws it. */
export const mysqlDescription = describeOf({
  id: 'mysql',
  label: 'MySQL',
  mark: 'My',
  hue: 70,
  alsoFits: ['Percona Server', 'Amazon RDS', 'Amazon Aurora', 'Google Cloud SQL', 'Azure Database for MySQL', 'HeatWave'],
  editor: 'MySQL',
  strong: '^(root|admin|rdsadmin|cloudsqlsuperuser|azure_superuser|mysql\\.sys)$',
  scriptMore: [],
  traits: [
    { name: 'Keys and comments', holds: true, reason: 'Read from information_schema, which shows them to whoever may read the table.' },
    { name: 'What views read', holds: true, reason: 'Told to a login with SHOW VIEW on the view.' },
  ],
  stringExamples: [
    'mysql://reader:password@db.example.com:3306/sales',
    'jdbc:mysql://db.example.com:3306/sales?user=reader&password=…',
    'mysql -h db.example.com -u reader -p… sales',
    'DATABASE_URL="mysql://reader:password@db.example.com/sales"',
  ],
});
