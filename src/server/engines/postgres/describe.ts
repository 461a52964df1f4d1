import { z } from 'zod';
import { Login } from '../../../contract/connections.ts';
import type { EngineDescription, Field } from '../../../contract/engines.ts';
import { PostgresAddress } from './address.ts';
import { leastPrivilegeScript } from './privilege-script.ts';

type Json = Field['schema'][string];

/** The JSON Schema of one property, as the form needs it. */
function schemaOf(shape: z.ZodObject, name: string): Field['schema'] {
  const schema = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
  const property = (schema.properties?.[name] ?? {}) as Record<string, Json>;
  return JSON.parse(JSON.stringify(property));
}

function field(shape: z.ZodObject, about: Pick<Field, 'name' | 'title' | 'widget' | 'section' | 'order'> & Partial<Field>): Field {
  return {
    help: null,
    placeholder: null,
    required: true,
    initial: '',
    when: null,
    warnings: [],
    ...about,
    schema: schemaOf(shape, about.name),
  };
}

const hostWarnings = [
  {
    pattern: '^(localhost|127(\\.\\d+){1,3}|::1|\\[::1\\])$',
    text: 'localhost means the server that Portcullis runs on, not your computer.',
  },
  { pattern: '^[a-z][a-z0-9+]*:', text: 'This looks like a whole connection string: paste it under “Connection string”.' },
  { pattern: '^[^:]+:\\d+$', text: 'The port has a field of its own.' },
];

/** PostgreSQL as the form draws it. */
export const postgresDescription: EngineDescription = {
  id: 'postgresql',
  label: 'PostgreSQL',
  mark: 'Pg',
  hue: 210,
  alsoFits: ['Supabase', 'Neon', 'Amazon RDS', 'Amazon Aurora', 'Google Cloud SQL', 'AlloyDB', 'Azure Database for PostgreSQL'],
  defaultPort: 5432,
  address: [
    field(PostgresAddress, {
      name: 'host',
      title: 'Host',
      widget: 'text',
      section: 'where',
      order: 1,
      placeholder: 'db.example.com',
      warnings: hostWarnings,
    }),
    field(PostgresAddress, {
      name: 'port',
      title: 'Port',
      widget: 'number',
      section: 'where',
      order: 2,
      help: 'Default 5432',
      initial: 5432,
    }),
    field(PostgresAddress, { name: 'database', title: 'Database', widget: 'text', section: 'where', order: 3, placeholder: 'sales' }),
    field(PostgresAddress, {
      name: 'tls',
      title: 'Encryption',
      widget: 'tls',
      section: 'encryption',
      order: 4,
      help: 'The certificate is checked before a password is sent. Cloud providers publish the CA to paste.',
      initial: { mode: 'verify-full' },
    }),
  ],
  credentials: [
    field(Login, {
      name: 'username',
      title: 'Username',
      widget: 'text',
      section: 'credential',
      order: 5,
      warnings: [
        {
          pattern: '^(postgres|rds_superuser|rdsadmin|cloudsqladmin|azure_superuser|supabase_admin|neondb_owner)$',
          text: 'This is usually an owner or administrator. A login that can only read is safer.',
        },
      ],
    }),
    field(Login, {
      name: 'password',
      title: 'Password',
      widget: 'password',
      section: 'credential',
      order: 6,
      help: 'Sealed when saved, and never shown again.',
    }),
  ],
  loginScript: leastPrivilegeScript('<your database>', [['<your schema>', null]]),
  traits: [
    {
      name: 'Read-only transactions',
      holds: true,
      reason: 'Every statement runs in a READ ONLY transaction, and the test proves that a write is refused.',
    },
    { name: 'Keys and comments', holds: true, reason: 'Read from pg_catalog, which shows them to every login.' },
    { name: 'Row estimates', holds: true, reason: 'From the statistics of the last ANALYZE; nothing is counted.' },
    { name: 'Client certificates', holds: false, reason: 'Only a name and a password are supported.' },
    { name: 'Kerberos, SSPI, OAuth', holds: false, reason: 'They would use an identity of the gateway.' },
    { name: 'SSH tunnel', holds: false, reason: 'Comes with a later version.' },
  ],
  stringExamples: [
    'postgresql://reader:password@db.example.com:5432/sales?sslmode=verify-full',
    'host=db.example.com port=5432 dbname=sales user=reader password=…',
    'jdbc:postgresql://db.example.com:5432/sales?user=reader&password=…',
    'PGPASSWORD=… psql -h db.example.com -U reader -d sales',
    'DATABASE_URL="postgresql://reader:password@db.example.com/sales"',
  ],
};
