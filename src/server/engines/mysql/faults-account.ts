import type { StageName } from '../../../contract/connections.ts';
import type { Explanation } from '../network/explanation.ts';
import type { MysqlAddress } from './address.ts';
import type { Flavour } from './flavour.ts';

/** What the server said, reduced to what may be looked at. */
export interface Said {
  readonly errno: number;
  /** What it said: only names of a known shape are looked for in it. */
  readonly words: string;
  readonly stage: StageName;
  readonly at: MysqlAddress;
  readonly flavour: Flavour;
}

export const user = 'credentials.readOnly.username';
const signingIn = (stage: StageName): boolean => stage === 'auth' || stage === 'database' || stage === 'tls';

export const full: Explanation = {
  stage: 'auth',
  code: 'server.full',
  field: null,
  happened: 'The server, or this account, has no free connection.',
  tryThis: ['Try again in a moment.', 'Raise max_connections, or the account’s MAX_USER_CONNECTIONS or limits per hour.'],
  retryable: true,
};
/** One of the limits of an account: how often within an hour, or how many connections at once. */
export const usedUp: Explanation = {
  stage: 'auth',
  code: 'server.full',
  field: null,
  happened: 'This account has used up what it may: connections at once, or connections or statements within an hour.',
  tryThis: [
    'Try again later.',
    'Let an administrator run: ALTER USER … WITH MAX_USER_CONNECTIONS 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_QUERIES_PER_HOUR 0',
  ],
  retryable: true,
};
/** The same for a wrong password, an unknown account, an account for other hosts, and one that has to come encrypted. */
export const rejected = ({ at }: Said): Explanation => ({
  code: 'credential.rejected',
  field: 'credentials.readOnly.password',
  happened: 'Name or password rejected. The server does not say which.',
  tryThis: [
    ...(at.tls.mode === 'disable'
      ? ['The account, or the server, may want encryption (REQUIRE SSL): choose an encrypted connection.']
      : []),
    'Check the username and the password.',
    ...(at.tls.mode !== 'disable' && at.tls.clientCertificate === undefined
      ? ['The account may want a client certificate (REQUIRE X509): give one, with its private key.']
      : []),
    'An account holds for certain hosts: ask whoever runs the database for one that may come from the server that Portcullis runs on.',
  ],
});
export const stranger: Explanation = {
  stage: 'auth',
  code: 'client.forbidden',
  field: user,
  happened: 'The server has no account that may come from the address that Portcullis comes from.',
  tryThis: ["Let an administrator run: CREATE USER '…'@'<address of the server that Portcullis runs on>' …"],
};
export const blockedHost: Explanation = {
  stage: 'auth',
  code: 'client.forbidden',
  field: user,
  happened: 'The server has blocked the address that Portcullis comes from, after many failed connections.',
  tryThis: ['Stop trying, and let an administrator run: FLUSH HOSTS.'],
};
export const passwordExpired: Explanation = {
  code: 'credential.rejected',
  field: 'credentials.readOnly.password',
  stage: 'auth',
  happened: 'The password of this account has expired: the server wants another one.',
  tryThis: ['Let an administrator run: ALTER USER … IDENTIFIED BY … PASSWORD EXPIRE NEVER', 'Then enter the new password.'],
};
export const insecure: Explanation = {
  code: 'tls.required',
  field: 'address.tls',
  happened: 'The server accepts encrypted connections alone (require_secure_transport).',
  tryThis: ['Choose an encrypted connection.'],
};
/** The account's way to sign in is none that both sides have; in a session that is open its numbers mean something else. */
export const method = ({ at, stage, flavour: { account } }: Said): Explanation | null =>
  !signingIn(stage)
    ? null
    : {
        code: 'auth.unsupported',
        field: user,
        happened: 'The server wants a way to sign in that Portcullis does not have, or that needs encryption.',
        tryThis: [
          ...(at.tls.mode === 'disable' ? ['Choose an encrypted connection.'] : []),
          `Let an administrator have the account sign in by ${account.by}: ${account.sql}`,
        ],
      };
/** The plugin of the account is not there on the server itself. */
export const pluginMissing = (said: Said): Explanation | null => {
  if (!signingIn(said.stage)) return null;
  const [, name] = /'([A-Za-z0-9_-]{1,64})'/.exec(said.words) ?? [];
  return {
    code: 'auth.unsupported',
    field: user,
    happened: `This account signs in by the plugin ${name ?? '(not named)'}, which the server itself has not loaded: nobody can sign in to it.`,
    tryThis: [
      `Let an administrator have the account sign in by ${said.flavour.account.by}: ${said.flavour.account.sql}`,
      'Or load the plugin on the server.',
    ],
  };
};
/** Its password is kept in a format that no server should take any more. */
export const oldFormat: Explanation = {
  code: 'auth.unsupported',
  field: user,
  happened: 'The password of this account is kept in the format of before 4.1, which the server does not take any more.',
  tryThis: ['Let an administrator give it a password anew: ALTER USER … IDENTIFIED BY …'],
};
/** The account is locked, under whatever number. */
export const locked: Explanation = {
  code: 'login.forbidden',
  field: user,
  happened: 'This account is locked.',
  tryThis: ['Let an administrator run: ALTER USER … ACCOUNT UNLOCK', 'Or use another account.'],
};
/** It is locked for a while, or until somebody unlocks it, by wrong passwords. */
export const blockedAccount: Explanation = {
  code: 'login.forbidden',
  field: user,
  happened: 'This account is blocked after too many wrong passwords: the right one is not taken either.',
  tryThis: [
    'Find out what keeps trying a wrong password.',
    'Let an administrator run: ALTER USER … ACCOUNT UNLOCK (or FLUSH PRIVILEGES)',
    'Or wait, where the account is blocked for a time.',
  ],
};
