import { describeOf } from '../mysql/describe.ts';

/** MariaDB as the form draws it. */
export const mariadbDescription = describeOf({
  id: 'mariadb',
  label: 'MariaDB',
  mark: 'Ma',
  hue: 190,
  alsoFits: ['MariaDB Enterprise', 'MariaDB Cloud', 'Amazon RDS'],
  editor: 'MariaSQL',
  strong: '^(root|admin|rdsadmin|mariadb\\.sys|mysql)$',
  scriptMore: [],
  traits: [
    {
      name: 'Keys and comments',
      holds: true,
      reason:
        'Read from information_schema. What a foreign key does on delete is told only to a login with SHOW VIEW; without it, it is shown as unknown.',
    },
    { name: 'What views read', holds: false, reason: 'MariaDB keeps no list of it.' },
    { name: 'JSON', holds: false, reason: 'A column of JSON is kept as longtext with a check, and is shown as that.' },
    { name: 'ed25519', holds: true, reason: 'Over an encrypted connection, or on this machine; so is mysql_native_password.' },
    { name: 'PARSEC', holds: false, reason: 'Not spoken: let the account sign in with ed25519 or mysql_native_password.' },
  ],
  stringExamples: [
    'mariadb://reader:password@db.example.com:3306/sales',
    'jdbc:mariadb://db.example.com:3306/sales?user=reader&password=…',
    'mariadb -h db.example.com -u reader -p… sales',
    'DATABASE_URL="mariadb://reader:password@db.example.com/sales"',
  ],
});
