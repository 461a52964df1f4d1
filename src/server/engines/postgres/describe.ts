import type { EngineDescription } from '../../../contract/engines.ts';
import { encryptionField, field, hostAndPort, loginFields } from '../network/fields.ts';
import { PostgresAddress } from './address.ts';
import { leastPrivilegeScript } from './privilege-script.ts';

/** PostgreSQL as the form draws it. */
export const postgresDescription: EngineDescription = {
  id: 'postgresql',
  label: 'PostgreSQL',
  mark: 'Pg',
  hue: 255,
  alsoFits: ['Supabase', 'Neon', 'Amazon RDS', 'Amazon Aurora', 'Google Cloud SQL', 'AlloyDB', 'Azure Database for PostgreSQL'],
  defaultPort: 5432,
  address: [
    ...hostAndPort(PostgresAddress, 5432),
    field(PostgresAddress, { name: 'database', title: 'Database', widget: 'text', section: 'where', order: 3, placeholder: 'sales' }),
    encryptionField(PostgresAddress, 4),
  ],
  credentials: loginFields(5, '^(postgres|rds_superuser|rdsadmin|cloudsqladmin|azure_superuser|supabase_admin|neondb_owner)$'),
  loginScript: leastPrivilegeScript('<your database>', [['<your schema>', null]]),
  keyAlone: true,
  sql: { editor: 'PostgreSQL', open: '"', close: '"', bare: '^[a-z_][a-z0-9_]*$' },
  traits: [
    {
      name: 'Read-only transactions',
      holds: true,
      reason: 'Every statement runs in a READ ONLY transaction, and the test proves that a write is refused.',
    },
    { name: 'Keys and comments', holds: true, reason: 'Read from pg_catalog, which shows them to every login.' },
    { name: 'Row estimates', holds: true, reason: 'From the statistics of the last ANALYZE; nothing is counted.' },
    {
      name: 'Client certificates',
      holds: true,
      reason: 'Shown to a server that asks for one; with pg_hba.conf’s cert they stand in for a password.',
    },
    { name: 'Kerberos, SSPI, OAuth', holds: false, reason: 'They would use an identity of the gateway.' },
    { name: 'SSH tunnel', holds: true, reason: 'Every connection to the server goes through it, also those that end a statement.' },
  ],
  stringExamples: [
    'postgresql://reader:password@db.example.com:5432/sales?sslmode=verify-full',
    'host=db.example.com port=5432 dbname=sales user=reader password=…',
    'jdbc:postgresql://db.example.com:5432/sales?user=reader&password=…',
    'PGPASSWORD=… psql -h db.example.com -U reader -d sales',
    'DATABASE_URL="postgresql://reader:password@db.example.com/sales"',
  ],
};
