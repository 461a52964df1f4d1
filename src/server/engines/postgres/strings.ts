import type { StringReader } from '../../../contract/engines.ts';
import type { World } from '../string-draft.ts';
import { stringReader } from '../string-reader.ts';
import { looksLikeCommand, readCommand } from './string-command.ts';
import { envLines } from './string-env.ts';
import { looksLikeKeywords, looksLikeSemicolons, readKeywords, readSemicolons } from './string-keywords.ts';
import { postgresWorld } from './string-parameters.ts';
import { looksLikeUrl, readUrl } from './string-url.ts';

/** A reader of what people paste for a PostgreSQL, or for an engine that is reached like one: URLs, libpq keywords, JDBC, .NET, psql commands and .env lines. */
export const readerOf = (world: World): StringReader =>
  stringReader({
    world,
    kinds: [
      { likeness: (text) => (looksLikeUrl(text) ? 1 : 0), read: (text) => readUrl(world, text) },
      envLines(world),
      { likeness: (text) => (looksLikeCommand(text) ? 0.95 : 0), read: (text) => readCommand(world, text) },
      { likeness: (text) => (looksLikeSemicolons(text) ? 0.5 : 0), read: (text) => readSemicolons(world, text) },
      {
        likeness: (text) => (looksLikeKeywords(text) ? (/\bdbname\s*=/i.test(text) ? 0.9 : 0.6) : 0),
        read: (text) => readKeywords(world, text),
      },
    ],
    unknown: 'This is not a connection string that is known: paste a URL, libpq keywords, a psql command or .env lines.',
  });

/** Reads what people paste for a PostgreSQL. Runs in the browser too. */
export const postgresStrings: StringReader = readerOf(postgresWorld);
