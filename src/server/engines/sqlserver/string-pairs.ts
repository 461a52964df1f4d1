import { type Draft, list, newDraft, problem } from '../string-draft.ts';
import { type Quoting, semicolonPairs, startsWithName, tornPairs } from '../string-pairs.ts';
import { sqlserverWorld } from './string-parameters.ts';

const first =
  /^(server|data ?source|addr|address|network ?address|initial ?catalog|database|user ?id|uid|user|pwd|password|driver|provider|dsn|persist ?security ?info|integrated ?security|trusted_connection|encrypt|trust ?server ?certificate|authentication|app|application ?name|multipleactiveresultsets)$/i;
const dsn = /^(?:sqlsrv|dblib):(?=[a-z ]+=)/i;
const driver = /(?:^|;)\s*driver\s*=/i;
const odbc = /(?:^|;)\s*driver\s*=\s*\{?[^};]*(?:sql server|sql native|freetds|libtdsodbc|msodbcsql)/i;
/** What only this world writes. */
const own =
  /(?:^|;)\s*(?:initial ?catalog|integrated ?security|trusted_connection|trust ?server ?certificate|encrypt|multipleactiveresultsets|application ?intent|attachdbfilename)\s*=|(?:server|data ?source|addr|address)\s*=\s*(?:tcp:|np:|\(local|\.[\\;,]|[^;=]{1,80}(?:\\|,\s*\d))|\.database\.windows\.net/i;
/** Other worlds' ports, hosts and descriptors. */
const foreign =
  /(?:^|;)\s*(?:port\s*=\s*(?!1433)|host\s*=|ssl ?mode\s*=)|(?:data ?source|server)\s*=\s*"?\(\s*desc|data ?source\s*=\s*(?:(?:tcps?:)?(?:\/\/)?[^;=\\]{1,120}\/)/i;

/** How sure it is that the text is `Server=…;Database=…` of this world. */
export function pairsLikeness(text: string): number {
  if (dsn.test(text)) return 1;
  if (!startsWithName(text, first) || !text.includes(';')) return 0;
  if (odbc.test(text)) return 0.95;
  if (driver.test(text) || foreign.test(text)) return 0;
  if (own.test(text)) return 0.9;
  return /(?:^|;)\s*uid\s*=/i.test(text) ? 0.5 : 0.6;
}

/** Reads `Server=…;Database=…` as .NET, ODBC and PHP write it. */
export function readPairs(text: string): Draft {
  const draft = newDraft(sqlserverWorld);
  const quoting: Quoting = driver.test(text) ? 'braces' : 'quotes';
  list(
    draft,
    'format',
    null,
    'not_needed',
    dsn.test(text) ? 'written for PHP' : quoting === 'braces' ? 'written for ODBC' : 'written for .NET',
  );
  const { pairs, torn } = semicolonPairs(text.replace(dsn, ''), quoting);
  for (const [name, value] of pairs) sqlserverWorld.judge(draft, name, value);
  if (torn) problem(draft, null, tornPairs(quoting));
  return draft;
}
