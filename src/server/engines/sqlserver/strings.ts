import type { StringReader } from '../../../contract/engines.ts';
import { finish, finishAll } from '../string-draft.ts';
import { stringReader } from '../string-reader.ts';
import { looksLikeCommand, readCommand } from './string-command.ts';
import { envLines } from './string-env.ts';
import { pairsLikeness, readPairs } from './string-pairs.ts';
import { sqlserverWorld } from './string-parameters.ts';
import { looksLikeUrl, readUrlDrafts } from './string-url.ts';

/** Reads what people paste for a SQL Server: ADO.NET, ODBC, URLs, JDBC, sqlcmd commands and .env lines. Runs in the browser too. */
export const sqlserverStrings: StringReader = stringReader({
  world: sqlserverWorld,
  kinds: [
    { likeness: (text) => (looksLikeUrl(text) ? 1 : 0), read: (text) => finishAll(readUrlDrafts(text)) },
    { likeness: pairsLikeness, read: (text) => finish(readPairs(text)) },
    envLines,
    { likeness: (text) => (looksLikeCommand(text) ? 0.95 : 0), read: readCommand },
  ],
  unknown: 'This is not a connection string that is known: paste Server=…;Database=…, a sqlserver: URL, a sqlcmd command or .env lines.',
});
