import type { EngineDescription } from '../../../contract/engines.ts';
import { encryptionField, field, hostAndPort, loginFields } from '../network/fields.ts';
import { OracleAddress } from './address.ts';
import { leastPrivilegeScript } from './privilege-script.ts';

/** Oracle as the form draws it. */
export const oracleDescription: EngineDescription = {
  id: 'oracle',
  label: 'Oracle',
  mark: 'Or',
  hue: 25,
  alsoFits: ['Oracle Autonomous Database', 'Amazon RDS for Oracle', 'Oracle Exadata', 'Oracle Free and XE'],
  defaultPort: 1521,
  address: [
    ...hostAndPort(OracleAddress, 1521),
    field(OracleAddress, {
      name: 'service',
      title: 'Service',
      widget: 'text',
      section: 'where',
      order: 3,
      placeholder: 'FREEPDB1',
      help: 'As “lsnrctl status” lists it: every pluggable database has one',
      warnings: [
        { pattern: '[/:()=?]', text: 'Only the name: host and port have fields of their own, and descriptors are not taken.' },
        {
          pattern: '^(orcl|xe|free|orclcdb)$',
          text: 'This is often the container database or a SID, and not the pluggable database with the data.',
        },
      ],
    }),
    field(OracleAddress, {
      name: 'naming',
      title: 'It is a',
      widget: 'text',
      section: 'where',
      order: 4,
      required: false,
      initial: 'service',
      help: '“service”, or “sid” for an old SID',
    }),
    encryptionField(OracleAddress, 5),
  ],
  credentials: loginFields(6, '^(sys|system|admin|pdbadmin|dbsnmp|rdsadmin|c##.*|ops\\$.*)$'),
  loginScript: leastPrivilegeScript(['<your schema>']),
  sql: { editor: 'PLSQL', open: '"', close: '"', bare: '^[A-Z][A-Z0-9_]*$' },
  traits: [
    {
      name: 'Read-only transactions',
      holds: true,
      reason:
        'Every statement runs in SET TRANSACTION READ ONLY and is rolled back, and the test proves that a lock is refused. Code of the database with transactions of its own is not stopped by it.',
    },
    { name: 'Keys and comments', holds: true, reason: 'Read from the ALL_ views, which show what the login has a right to.' },
    { name: 'Row estimates', holds: true, reason: 'From the statistics of the optimiser; nothing is counted.' },
    {
      name: 'Clusters by their SCAN name',
      holds: false,
      reason: 'A SCAN listener sends clients on to another address, which is refused: give the address of an instance’s own listener.',
    },
    {
      name: 'Oracle’s native network encryption',
      holds: false,
      reason: 'Oracle’s driver speaks it only with Oracle’s client software, which is not used: take a listener address with TLS (TCPS).',
    },
    {
      name: 'Client certificates',
      holds: true,
      reason: 'Shown to a server that asks for one (SSL_CLIENT_AUTHENTICATION), as PEM instead of a wallet.',
    },
    { name: 'SSH tunnel', holds: true, reason: 'Every connection to the server goes through it.' },
    { name: 'Wallets, Kerberos, tokens', holds: false, reason: 'Paste the CA or pin the certificate; sign in with a name and a password.' },
  ],
  stringExamples: [
    'db.example.com:1521/FREEPDB1',
    'jdbc:oracle:thin:@//db.example.com:1521/FREEPDB1',
    'sqlplus reader/password@db.example.com:1521/FREEPDB1',
    '(DESCRIPTION=(ADDRESS=(PROTOCOL=TCPS)(HOST=db.example.com)(PORT=2484))(CONNECT_DATA=(SERVICE_NAME=FREEPDB1)))',
    'oracle://reader:password@db.example.com:1521/FREEPDB1',
  ],
};
