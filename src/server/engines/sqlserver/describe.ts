import type { EngineDescription } from '../../../contract/engines.ts';
import { encryptionField, field, hostAndPort, loginFields } from '../network/fields.ts';
import { SqlServerAddress } from './address.ts';
import { leastPrivilegeScript } from './privilege-script.ts';

/** SQL Server as the form draws it. */
export const sqlServerDescription: EngineDescription = {
  id: 'sqlserver',
  label: 'SQL Server',
  mark: 'Ms',
  hue: 310,
  alsoFits: ['Azure SQL Database', 'Azure SQL Managed Instance', 'Amazon RDS for SQL Server', 'Google Cloud SQL for SQL Server'],
  defaultPort: 1433,
  address: [
    ...hostAndPort(SqlServerAddress, 1433),
    field(SqlServerAddress, { name: 'database', title: 'Database', widget: 'text', section: 'where', order: 3, placeholder: 'sales' }),
    encryptionField(SqlServerAddress, 4),
  ],
  credentials: loginFields(5, '^(sa|admin|administrator|rdsa|sqladmin|CloudSA[0-9a-f]*)$'),
  loginScript: leastPrivilegeScript('<your database>', ['<your schema>']),
  sql: { editor: 'MSSQL', open: '[', close: ']', bare: '^[A-Za-z_][A-Za-z0-9_]*$' },
  traits: [
    {
      name: 'Read-only transactions',
      holds: false,
      reason:
        'SQL Server has none. Every statement runs in a transaction that is rolled back, and the rights of the login are the boundary: use one that may only read.',
    },
    {
      name: 'Second opinion',
      holds: true,
      reason:
        'Before a statement runs, the server itself says which columns it would give, without running it. Where the login may not ask that, the guard judges alone.',
    },
    {
      name: 'Keys and comments',
      holds: true,
      reason: 'Read from sys.*, of what the login may see; comments are the property MS_Description.',
    },
    { name: 'Row counts', holds: true, reason: 'As the server keeps them with the partitions of a table; nothing is counted.' },
    {
      name: 'Client certificates',
      holds: true,
      reason: 'Shown to a proxy or server that asks for one. SQL Server itself signs nobody in by them.',
    },
    { name: 'SSH tunnel', holds: true, reason: 'Every connection to the server goes through it.' },
    {
      name: 'Redirects',
      holds: false,
      reason: 'A server that names another one to go to (Azure’s policy Redirect, read-only routing) is not followed.',
    },
    {
      name: 'Named instances',
      holds: false,
      reason: 'The host would have to be asked for the port of an instance, and could name any: give the port.',
    },
    {
      name: 'Windows, Entra ID, managed identities',
      holds: false,
      reason: 'They would use an identity of the gateway. Only SQL logins are supported.',
    },
    {
      name: 'TDS 8.0 (strict encryption)',
      holds: false,
      reason: 'Encryption is agreed on as in TDS 7.4, with TLS 1.2; the certificate is proved all the same.',
    },
  ],
  stringExamples: [
    'Server=tcp:db.example.com,1433;Database=sales;User Id=reader;Password=…;Encrypt=true',
    'sqlserver://reader:password@db.example.com:1433/sales?encrypt=true',
    'jdbc:sqlserver://db.example.com:1433;databaseName=sales;user=reader;password=…',
    'sqlcmd -S db.example.com,1433 -d sales -U reader -P …',
  ],
};
