import type { StringReader } from '../../../contract/engines.ts';
import { stringReader } from '../string-reader.ts';
import { looksLikeCommand, readCommand } from './string-command.ts';
import { envLines } from './string-env.ts';
import { looksLikeKeywords, looksLikeSemicolons, readKeywords, readSemicolons } from './string-keywords.ts';
import { postgresWorld } from './string-parameters.ts';
import { looksLikeUrl, readUrl } from './string-url.ts';

/** Reads what people paste for a PostgreSQL: URLs, libpq keywords, JDBC, .NET, psql commands and .env lines. Runs in the browser too. */
export const postgresStrings: StringReader = stringReader({
  world: postgresWorld,
  kinds: [
    { likeness: (text) => (looksLikeUrl(text) ? 1 : 0), read: readUrl },
    envLines,
    { likeness: (text) => (looksLikeCommand(text) ? 0.95 : 0), read: readCommand },
    { likeness: (text) => (looksLikeSemicolons(text) ? 0.5 : 0), read: readSemicolons },
    { likeness: (text) => (looksLikeKeywords(text) ? (/\bdbname\s*=/i.test(text) ? 0.9 : 0.6) : 0), read: readKeywords },
  ],
  unknown: 'This is not a connection string that is known: paste a URL, libpq keywords, a psql command or .env lines.',
});
