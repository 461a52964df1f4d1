import type { ParsedString } from '../../../contract/engines.ts';
import { decode, fill, finish, list, newDraft } from './string-draft.ts';
import { judge } from './string-parameters.ts';

const scheme = /^(?:(jdbc:)postgres(?:ql)?:|postgres(?:ql)?(\+[a-z0-9_]+)?:(?=\/\/))(\/\/)?/i;
/** host[:port][/database][?query][#…] with nothing left over; several hosts with commas between are taken to be refused by name. */
const tail =
  /^((?:\[[^\]/?#@]*\]|[^:/?#@[\],]*)(?::\d*)?(?:,(?:\[[^\]/?#@]*\]|[^:/?#@[\],]*)(?::\d*)?)*)(?:\/([^?#]*))?(?:\?([^#]*))?(?:#(.*))?$/;
/** An @ is tried as the end of the password only this often: a longer text is not a connection string. */
const mostSplits = 24;

/** Whether the text starts like a URL of this engine. */
export const looksLikeUrl = (text: string): boolean => scheme.test(text);

interface Split {
  readonly userinfo: string | null;
  readonly hosts: string;
  readonly database: string | undefined;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
  readonly doubt: number;
}

function splitAt(rest: string, at: number): Split | null {
  const match = tail.exec(rest.slice(at + 1));
  if (!match) return null;
  const [, hosts = '', database, query, fragment] = match;
  const userinfo = at < 0 ? null : rest.slice(0, at);
  // A clean remainder makes a split likely; raw separators within what would be the password make it less so.
  const doubt =
    (/[@/:]/.test(database ?? '') ? 8 : 0) +
    (/(^|&)[^=&]*(&|$)/.test(query ?? '=') ? 4 : 0) +
    (query?.includes('@') ? 1 : 0) +
    (fragment === undefined ? 0 : 4) +
    (hosts === '' && userinfo !== null ? 8 : 0) +
    (/[/?#]/.test(userinfo ?? '') ? 2 : 0) +
    (userinfo === null && rest.includes('@') ? 3 : 0);
  return { userinfo, hosts, database, query, fragment, doubt };
}

function splits(rest: string): Split[] {
  const positions = [...rest.matchAll(/@/g)].map((match) => match.index);
  const tried = positions.length > mostSplits ? [...positions.slice(0, mostSplits / 2), ...positions.slice(-mostSplits / 2)] : positions;
  const found = [-1, ...tried].map((at) => splitAt(rest, at)).filter((split) => split !== null);
  return found.sort((a, b) => a.doubt - b.doubt);
}

function build(split: Split, scheme: { jdbc: boolean; driver: string | undefined }, alternatives: readonly ParsedString[]): ParsedString {
  const draft = newDraft();
  if (scheme.jdbc) list(draft, 'jdbc', null, 'not_needed', 'says which driver reads it');
  if (scheme.driver) list(draft, 'driver', scheme.driver.slice(1), 'not_needed', 'for another driver; Portcullis uses its own');
  const several = split.hosts.includes(',');
  const [, host = '', port = ''] = several ? ['', split.hosts, ''] : (/^(\[.*\]|[^:]*):?(\d*)$/.exec(split.hosts) ?? []);
  fill(draft, 'host', decode(host));
  fill(draft, 'port', port);
  fill(draft, 'database', decode(split.database ?? ''));
  if (split.userinfo !== null) {
    const colon = split.userinfo.indexOf(':');
    fill(draft, 'username', decode(colon < 0 ? split.userinfo : split.userinfo.slice(0, colon)));
    if (colon >= 0) fill(draft, 'password', decode(split.userinfo.slice(colon + 1)));
  }
  for (const pair of (split.query ?? '').split('&').filter((text) => text !== '')) {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    judge(draft, decode(name), decode(value));
  }
  if (split.fragment) list(draft, 'fragment', null, 'not_needed', 'a database has no use for what follows a #');
  return finish(draft, alternatives);
}

/** Reads postgres://, postgresql://, postgresql+driver:// and jdbc:postgresql: by hand, so that passwords with @ : / ? # survive. */
export function readUrl(text: string): ParsedString {
  const match = scheme.exec(text);
  const rest = text.slice(match?.[0].length ?? 0);
  const how = { jdbc: match?.[1] !== undefined, driver: match?.[2] };
  // Without // a JDBC string is only a database, or /.
  const found = splits(match?.[3] || rest.startsWith('/') ? rest : `/${rest}`);
  const [best, ...others] = found;
  if (!best) {
    const draft = newDraft();
    draft.problems.push({
      field: null,
      message: 'This does not read as user:password@host:port/database. If the password holds @ : / ? or #, enter the fields one by one.',
    });
    return finish(draft);
  }
  return build(
    best,
    how,
    others.filter((split) => split.hosts !== '').map((split) => build(split, how, [])),
  );
}
