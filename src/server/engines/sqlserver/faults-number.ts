import type { StageName } from '../../../contract/connections.ts';
import type { Explanation } from '../network/explanation.ts';
import { signInRows } from './faults-sign-in.ts';
import type { ServerError } from './server-error.ts';

const user = 'credentials.readOnly.username';
const forbidden: Explanation = {
  code: 'read.forbidden',
  field: user,
  happened: 'This user may not read what was asked for.',
  tryThis: [
    'Let an administrator run: GRANT SELECT ON SCHEMA::… TO …',
    'A login that is not a user of the database yet: CREATE USER … FOR LOGIN …',
  ],
};
const written: Explanation = {
  code: 'database.failed',
  field: null,
  happened: 'The database refused a write, as it should: it is read-only.',
  tryThis: ['Nothing is wrong with the database: report this, for nothing of ours writes.'],
};
const waited: Explanation = {
  code: 'statement.expired',
  field: null,
  happened: 'The database waited too long for a lock that another session holds.',
  tryThis: [
    'Try again when the database is less busy.',
    'Let the database keep versions of rows: ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON',
  ],
  retryable: true,
};
const given: Explanation = {
  code: 'database.failed',
  field: null,
  happened: 'The database gave up our statement in favour of another session (a deadlock, or rows that changed meanwhile).',
  tryThis: ['Try again in a moment.'],
  retryable: true,
};
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
/** The session that was there is gone. */
export const lostSession = lost;

/** Numbers that mean the same at every stage. */
const rows: Readonly<Record<number, Explanation>> = {
  229: forbidden,
  230: forbidden,
  262: forbidden,
  297: forbidden,
  300: forbidden,
  371: forbidden,
  916: forbidden,
  3906: written,
  3908: written,
  1222: waited,
  1205: given,
  3960: given,
  3961: given,
  596: lost,
  6005: lost,
};

/** What an error of the server means, by its number: the first of several that has a meaning of its own. */
export function explainNumbers(error: ServerError, stage: StageName): Explanation {
  const early = stage === 'tls' || stage === 'auth' || stage === 'database';
  for (const number of error.numbers) {
    const found = (early ? signInRows[number] : undefined) ?? rows[number] ?? signInRows[number];
    if (found) return typeof found === 'function' ? found(error) : found;
  }
  if (error.severity >= 20) return lost;
  return {
    code: 'database.failed',
    field: null,
    happened: 'The database reported an error.',
    tryThis: ['The technical detail names it; the database’s log says more.'],
  };
}
