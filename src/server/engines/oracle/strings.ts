import type { StringReader } from '../../../contract/engines.ts';
import { type Draft, finishAll, newDraft, unreadable } from '../string-draft.ts';
import { stringReader } from '../string-reader.ts';
import { looksLikeCommand, readCommand } from './string-command.ts';
import { looksLikeDescriptor, parseDescriptors, takeDescriptor, tornDescriptor } from './string-descriptor.ts';
import { envLines } from './string-env.ts';
import { loginLikeness } from './string-login.ts';
import { pairsKind } from './string-pairs.ts';
import { oracleWorld } from './string-parameters.ts';
import { looksLikeUrl, readLogin, readUrlDrafts } from './string-url.ts';

/** The descriptors of a text, as tnsnames.ora holds them: the first, and the others as alternatives. */
function readDescriptors(text: string): [Draft, ...Draft[]] {
  const [first, ...others] = (parseDescriptors(text) ?? []).slice(0, 12).map((root) => {
    const draft = newDraft(oracleWorld);
    takeDescriptor(draft, root);
    return draft;
  });
  return first ? [first, ...others] : [unreadable(oracleWorld, tornDescriptor)];
}

const isConnect = /^conn(?:ect)?\s+\S/i;

/** Reads what people paste for an Oracle Database: EZConnect, logins, descriptors, JDBC, sqlplus commands and .env lines. Runs in the browser too. */
export const oracleStrings: StringReader = stringReader({
  world: oracleWorld,
  kinds: [
    { likeness: (text) => (looksLikeUrl(text) ? 1 : 0), read: (text) => finishAll(readUrlDrafts(text)) },
    { likeness: (text) => (looksLikeDescriptor(text) ? 0.98 : 0), read: (text) => finishAll(readDescriptors(text)) },
    { likeness: (text) => (looksLikeCommand(text) ? 0.95 : 0), read: readCommand },
    envLines,
    pairsKind,
    {
      likeness: (text) => loginLikeness(text.replace(isConnect, (connect) => connect.slice(-1))),
      read: (text) => finishAll(readLogin(text)),
    },
  ],
  unknown:
    'This is not a connection string that is known: paste host:1521/service, user/password@host:1521/service, a descriptor, a jdbc: URL or .env lines.',
});
