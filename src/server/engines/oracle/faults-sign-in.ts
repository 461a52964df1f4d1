import type { Explanation } from '../network/explanation.ts';

const user = 'credentials.readOnly.username';
const password = 'credentials.readOnly.password';
const stopTrying = 'Do not try again before: every attempt counts, and too many lock the account (FAILED_LOGIN_ATTEMPTS).';

const rejected: Explanation = {
  code: 'credential.rejected',
  stage: 'auth',
  field: password,
  happened: 'Name or password rejected. Oracle does not say which.',
  tryThis: [
    'Check both: passwords are case-sensitive, and a name in double quotes is another one.',
    'Check the service: a user of one pluggable database is not known in another.',
    stopTrying,
  ],
};
const locked: Explanation = {
  code: 'login.forbidden',
  stage: 'auth',
  field: user,
  happened: 'This account is locked.',
  tryThis: ['Let an administrator run: ALTER USER … ACCOUNT UNLOCK', stopTrying],
};
const outdated: Explanation = {
  code: 'credential.rejected',
  stage: 'auth',
  field: password,
  happened: 'The password has expired, or does not follow the rules for passwords any more.',
  tryThis: ['Let an administrator set a new one: ALTER USER … IDENTIFIED BY …', stopTrying],
};
const noSession: Explanation = {
  code: 'login.forbidden',
  stage: 'auth',
  field: user,
  happened: 'This user may not sign in: it lacks the privilege CREATE SESSION.',
  tryThis: ['Let an administrator run: GRANT CREATE SESSION TO …'],
};
const administrator: Explanation = {
  code: 'login.forbidden',
  stage: 'auth',
  field: user,
  happened: 'This user signs in only as SYSDBA or the like, which Portcullis never asks for.',
  tryThis: ['Use a login that can only read.'],
};
const refused: Explanation = {
  code: 'login.forbidden',
  stage: 'auth',
  field: user,
  happened: 'A trigger of the database refused the sign-in.',
  tryThis: ['Ask whoever runs the database which programs, hosts and times it lets in: Portcullis signs in as the program portcullis.'],
};
const verifier: Explanation = {
  code: 'auth.unsupported',
  stage: 'auth',
  field: password,
  happened: 'The server and Portcullis have no way to prove the password in common: the account has only a very old password verifier.',
  tryThis: [
    'Let an administrator set the password anew (ALTER USER … IDENTIFIED BY …) with SQLNET.ALLOWED_LOGON_VERSION_SERVER at 12 or 11.',
    'Accounts that sign in by the system, Kerberos or a directory are not supported.',
  ],
};
const old: Explanation = {
  code: 'server.unsupported',
  stage: 'auth',
  field: 'address.host',
  happened: 'This server is older than Oracle Database 12.1, the oldest that can be spoken to without Oracle’s own client software.',
  tryThis: ['Upgrade the server.'],
};
const charset: Explanation = {
  code: 'server.unsupported',
  stage: 'auth',
  field: 'address.host',
  happened: 'The national character set of this database (UTF8 instead of AL16UTF16) is not supported.',
  tryThis: ['Ask whoever runs the database: such a database needs Oracle’s own client software.'],
};
const unproven: Explanation = {
  code: 'protocol.mismatched',
  stage: 'auth',
  field: 'address.host',
  happened: 'The server did not prove that it knows the password too. It may not be the server it seems to be.',
  tryThis: ['Check the host, and what stands between Portcullis and the database.'],
};

/** What the sign-in can fail of. */
export const signInRows: Readonly<Record<string, Explanation>> = {
  'ORA-01017': rejected,
  'ORA-01005': rejected,
  'NJS-101': rejected,
  'ORA-28000': locked,
  'ORA-28001': outdated,
  'ORA-28002': outdated,
  'ORA-28003': outdated,
  'ORA-01045': noSession,
  'ORA-28009': administrator,
  'ORA-04088': refused,
  'ORA-00604': refused,
  'ORA-28040': verifier,
  'NJS-116': verifier,
  'NJS-138': old,
  'ORA-03134': old,
  'NJS-100': charset,
  'NJS-192': charset,
  'NJS-173': unproven,
};

/** Errors that triggers raise by numbers of their own. */
export const byTrigger = refused;
