import { finish, list, newDraft, problem, type World } from '../string-draft.ts';
import { type Quoting, semicolonPairs, startsWithName, tornPairs } from '../string-pairs.ts';
import type { Kind } from '../string-reader.ts';

const first = /^(server|host|data ?source|uid|user ?id|username|user|database|initial catalog|port|pwd|password|driver)$/i;
const dsn = /^(?:mysql|mariadb):(?=[a-z_]+=)/i;
const odbc = /driver\s*=\s*\{?(?:mysql|mariadb|maodbc)/i;
/** What only this world writes. */
const own =
  /(?:^|;)\s*(?:port\s*=\s*3306|char ?set|allow ?user ?variables|allow ?zero ?datetime|convert ?zero ?datetime|ssl ?mode\s*=\s*(?:none|pref|verify))/i;
/** What it never writes. */
const foreign =
  /trust(?:ed_connection| ?server ?certificate)|integrated ?security|=\s*tcp:|(?:^|;)\s*encrypt\s*=|multipleactiveresultsets|\(description/i;

function likeness(text: string): number {
  if (dsn.test(text)) return 1;
  if (!startsWithName(text, first) || !text.includes(';')) return 0;
  if (odbc.test(text)) return 0.9;
  if (foreign.test(text) || /driver\s*=/i.test(text)) return 0;
  // Uid and Pwd are how this world's examples are written, though others take them too.
  return own.test(text) ? 0.6 : /(?:^|;)\s*uid\s*=/i.test(text) && /(?:^|;)\s*pwd\s*=/i.test(text) ? 0.55 : 0.2;
}

/** `Server=…;Port=…;Uid=…;Pwd=…` as .NET and ODBC write it, and PHP's mysql:host=…;dbname=…. */
export const pairsKind = (world: World): Kind => ({
  likeness,
  read(text) {
    const draft = newDraft(world);
    const quoting: Quoting = odbc.test(text) ? 'braces' : 'quotes';
    list(
      draft,
      'format',
      null,
      'not_needed',
      dsn.test(text) ? 'written for PHP' : quoting === 'braces' ? 'written for ODBC' : 'written for .NET',
    );
    const { pairs, torn } = semicolonPairs(text.replace(dsn, ''), quoting);
    for (const [name, value] of pairs) world.judge(draft, name, value);
    if (torn) problem(draft, null, tornPairs(quoting));
    return finish(draft);
  },
});
