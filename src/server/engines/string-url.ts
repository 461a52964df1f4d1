import { type Draft, fill, list, newDraft, type World } from './string-draft.ts';

/** host[:port][/path][?query][#…] with nothing left over; several hosts with commas between are taken to be refused by name. */
const tail =
  /^((?:\[[^\]/?#@]*\]|[^:/?#@[\],]*)(?::\d*)?(?:,(?:\[[^\]/?#@]*\]|[^:/?#@[\],]*)(?::\d*)?)*)(?:\/([^?#]*))?(?:\?([^#]*))?(?:#(.*))?$/;
/** An @ is tried as the end of the password only this often: a longer text is not a connection string. */
const mostSplits = 24;

/** One way to take a URL apart. */
export interface Split {
  readonly userinfo: string | null;
  readonly hosts: string;
  readonly path: string | undefined;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
  readonly doubt: number;
}

function splitAt(rest: string, at: number): Split | null {
  const match = tail.exec(rest.slice(at + 1));
  if (!match) return null;
  const [, hosts = '', path, query, fragment] = match;
  const userinfo = at < 0 ? null : rest.slice(0, at);
  // A clean remainder makes a split likely; raw separators within what would be the password make it less so.
  const doubt =
    (/[@/:]/.test(path ?? '') ? 8 : 0) +
    (/(^|&)[^=&]*(&|$)/.test(query ?? '=') ? 4 : 0) +
    (query?.includes('@') ? 1 : 0) +
    (fragment === undefined ? 0 : 4) +
    (hosts === '' && userinfo !== null ? 8 : 0) +
    (/[/?#]/.test(userinfo ?? '') ? 2 : 0) +
    (userinfo === null && rest.includes('@') ? 3 : 0);
  return { userinfo, hosts, path, query, fragment, doubt };
}

/** The places of a text at which it could be parted, with the many of a nonsense text left out. */
export function placesOf(text: string, mark: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) found.push(at);
  return found.length > mostSplits ? [...found.slice(0, mostSplits / 2), ...found.slice(-mostSplits / 2)] : found;
}

/** Every way to read what follows a scheme's //, the likeliest first. */
export function splits(rest: string): Split[] {
  const found = [-1, ...placesOf(rest, '@')].map((at) => splitAt(rest, at)).filter((split) => split !== null);
  const [best, ...others] = found.sort((a, b) => a.doubt - b.doubt);
  return best ? [best, ...others.filter((split) => split.hosts !== '')] : [];
}

/** Fills host and port from host:port, without a look at what the host is. */
export function fillHostPort(draft: Draft, hosts: string): void {
  const several = hosts.includes(',');
  const [, host = '', port = ''] = several ? ['', hosts, ''] : (/^(\[.*\]|[^:]*):?(\d*)$/.exec(hosts) ?? []);
  fill(draft, 'host', decode(host));
  fill(draft, 'port', port);
}

/** Fills username and password from user:password, percent-decoded. */
export function fillUserinfo(draft: Draft, userinfo: string): void {
  const colon = userinfo.indexOf(':');
  fill(draft, 'username', decode(colon < 0 ? userinfo : userinfo.slice(0, colon)));
  if (colon >= 0) fill(draft, 'password', decode(userinfo.slice(colon + 1)));
}

/** Judges name=value&name=value, names and values percent-decoded. */
export function judgeQuery(draft: Draft, query: string): void {
  for (const pair of query.split('&').filter((text) => text !== '')) {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    draft.world.judge(draft, decode(name), decode(value));
  }
}

interface Taking {
  /** Lists what the scheme says. */
  readonly begin?: (draft: Draft) => void;
  /** Fills from host, path and query what this world means by them; without it they are host:port and the database. */
  readonly take?: (draft: Draft, split: Split) => void;
}

function takeUsual(draft: Draft, split: Split): void {
  fillHostPort(draft, split.hosts);
  fill(draft, 'database', decode(split.path ?? ''));
}

/** Reads what follows scheme:// by hand, so that passwords with @ : / ? # survive: a draft for every way, the likeliest first. */
export function urlDrafts(world: World, rest: string, { begin, take = takeUsual }: Taking = {}): Draft[] {
  const ways = splits(rest);
  return ways.map((split) => {
    const draft = newDraft(world, ways.length > 1);
    begin?.(draft);
    take(draft, split);
    if (split.userinfo !== null) fillUserinfo(draft, split.userinfo);
    judgeQuery(draft, split.query ?? '');
    if (split.fragment) list(draft, 'fragment', null, 'not_needed', 'a database has no use for what follows a #');
    return draft;
  });
}

/** Why a URL cannot be read. */
export const tornUrl =
  'This does not read as user:password@host:port/database. If the password holds @ : / ? or #, enter the fields one by one.';

/** Percent-decoding that leaves alone what is not a valid escape, so that a password with a bare % survives. */
export function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
