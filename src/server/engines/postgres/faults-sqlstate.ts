import type { StageName } from '../../../contract/connections.ts';
import { type Explanation, refusedWrite, tooSlow } from '../network/explanation.ts';
import type { PostgresAddress } from './address.ts';

/** What the driver or the server said, reduced to what may be looked at. */
export interface Said {
  readonly sqlState: string;
  /** The server's function that said so: the same in every language. */
  readonly routine: string;
  /** Matched where nothing else tells two causes apart; never shown. */
  readonly text: string;
  readonly stage: StageName;
  readonly at: PostgresAddress;
}

const user = 'credentials.readOnly.username';
const lost: Explanation = {
  code: 'server.lost',
  field: null,
  happened: 'The server ended the connection.',
  tryThis: [
    'Try again in a moment.',
    'If it goes on, look at the server’s log: it may have been restarted, or an administrator ended the session.',
  ],
  retryable: true,
};
const rejected: Explanation = {
  code: 'credential.rejected',
  field: 'credentials.readOnly.password',
  happened: 'Name or password rejected, or the password has expired (VALID UNTIL). PostgreSQL does not say which.',
  tryThis: [
    'Check the username and the password.',
    'Ask whoever runs the database whether the role exists and its password is still valid.',
  ],
};

/** 28000 has several causes; the server's function tells them apart, its text only what is left. */
function notAuthorised({ routine, text, at }: Said): Explanation {
  if (routine === 'InitializeSessionUserId' || /not permitted to log in/.test(text)) {
    if (/does not exist/.test(text)) return rejected;
    return {
      code: 'login.forbidden',
      field: user,
      happened: 'This role may not log in.',
      tryThis: ['Let an administrator run: ALTER ROLE … LOGIN', 'Or use another role.'],
    };
  }
  if (/valid client certificate|certificate authentication failed/.test(text)) {
    return {
      code: 'tls.rejected',
      field: 'address.tls.clientCertificate',
      happened: 'The server wants a client certificate of this user, and got none that it accepts.',
      tryThis: [
        'Give the certificate whose common name is this user, with its private key.',
        'Look at the options of this user in pg_hba.conf (cert, clientcert, map).',
      ],
    };
  }
  if (at.tls.mode === 'disable' || /no encryption$/.test(text)) {
    return {
      code: 'tls.required',
      field: 'address.tls',
      happened: 'The server does not accept this user without encryption from here.',
      tryThis: [
        'Choose an encrypted connection.',
        'If that is refused too, pg_hba.conf has no entry for this user, database and the address that Portcullis comes from.',
      ],
    };
  }
  return {
    code: 'client.forbidden',
    field: user,
    happened: 'The server does not accept this user, for this database, from the address that Portcullis comes from.',
    tryThis: [
      'Add an entry to pg_hba.conf, or to the provider’s list of allowed addresses, for the address of the server that Portcullis runs on.',
    ],
  };
}

function permissionDenied({ stage }: Said): Explanation {
  if (stage === 'auth' || stage === 'database') {
    return {
      code: 'database.forbidden',
      field: 'address.database',
      happened: 'This user may not connect to the database.',
      tryThis: ['Let an administrator run: GRANT CONNECT ON DATABASE … TO …'],
    };
  }
  return {
    code: 'read.forbidden',
    field: user,
    happened: 'This user may not read what was asked for.',
    tryThis: ['Let an administrator run: GRANT USAGE ON SCHEMA … TO …; GRANT SELECT ON ALL TABLES IN SCHEMA … TO …'],
  };
}

function refusedParameter(): Explanation {
  return {
    code: 'parameter.refused',
    field: null,
    happened: 'The server, or a pooler before it, refuses a parameter of the connection.',
    tryThis: [
      'Portcullis sends only a user, a database and its own name: look for settings of the role (ALTER ROLE … SET …), and at the pooler’s ignore_startup_parameters.',
    ],
  };
}

function torn(said: Said): Explanation {
  if (/unsupported startup parameter/i.test(said.text)) return refusedParameter();
  if (/no such database/i.test(said.text)) return unknownDatabase;
  if (/no such user|password authentication failed/i.test(said.text)) return rejected;
  return {
    code: 'protocol.mismatched',
    field: 'address.port',
    happened: 'What answers there does not understand us as PostgreSQL does.',
    tryThis: ['Check the port. If a pooler or proxy stands before the database, try the address of the database itself.'],
  };
}

const unknownDatabase: Explanation = {
  code: 'database.unknown',
  field: 'address.database',
  happened: 'There is no database of this name on the server.',
  tryThis: ['Check the name: capital letters count.'],
};
const full: Explanation = {
  code: 'server.full',
  field: null,
  happened: 'The server, or this role, has no free connection.',
  tryThis: ['Try again in a moment.', 'Raise the role’s CONNECTION LIMIT or the server’s max_connections, or go through a pooler.'],
  retryable: true,
};
const starting: Explanation = {
  code: 'server.starting',
  field: null,
  happened: 'The server is starting, stopping or recovering.',
  tryThis: ['Wait a moment and try again.'],
  retryable: true,
};
const readOnly = refusedWrite('the session');
const closed: Explanation = {
  code: 'database.closed',
  field: 'address.database',
  happened: 'The database accepts no connections.',
  tryThis: ['It may be a template (template0), or connections are switched off: ALTER DATABASE … ALLOW_CONNECTIONS true'],
};
const tenant: Explanation = {
  code: 'tenant.unknown',
  field: user,
  happened: 'The pooler does not know this user.',
  tryThis: ['Supabase and others want the project in the name: user.projectref', 'Check the host: each region has its own.'],
};

type Row = Explanation | ((said: Said) => Explanation | null);

/** Every SQLSTATE that has a meaning of its own here. */
const rows: Readonly<Record<string, Row>> = {
  '28P01': rejected,
  '28000': notAuthorised,
  '3D000': unknownDatabase,
  '42501': permissionDenied,
  '55000': ({ stage }) => (stage === 'auth' || stage === 'database' ? closed : null),
  '53300': full,
  '53400': full,
  '57P03': starting,
  '57P01': lost,
  '57P02': lost,
  '08000': lost,
  '08001': lost,
  '08003': lost,
  '08004': lost,
  '08006': lost,
  '42704': ({ stage }) => (stage === 'auth' || stage === 'database' ? refusedParameter() : null),
  '22023': ({ stage }) => (stage === 'auth' || stage === 'database' ? refusedParameter() : null),
  '0A000': ({ stage, text }) => (stage === 'auth' || /unsupported startup parameter/i.test(text) ? refusedParameter() : null),
  '08P01': torn,
  XX000: ({ text }) => (/tenant or user not found/i.test(text) ? tenant : null),
  '57014': tooSlow,
  '25006': readOnly,
};

/** What an error of the server means, by its SQLSTATE. */
export function explainState(said: Said): Explanation {
  const row = Object.hasOwn(rows, said.sqlState) ? rows[said.sqlState] : undefined;
  const found = typeof row === 'function' ? row(said) : row;
  return (
    found ?? {
      code: 'database.failed',
      field: null,
      happened: 'The database reported an error.',
      tryThis: ['The technical detail names it; the database’s log says more.'],
    }
  );
}
