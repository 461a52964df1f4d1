import { type Draft, fill, list, newDraft, problem, unreadable, type World } from '../string-draft.ts';
import { decode, judgeQuery, tornUrl, urlDrafts } from '../string-url.ts';

const scheme = /^(jdbc:)?(?:mysql|mariadb)(x)?((?:\+[a-z0-9_]+){0,3})((?::[a-z-]+){0,3}):\/\//i;
const goAddress = /@([a-z0-9]*)\(([^()\s]*)\)(?=\/|$)/gi;

/** Whether the text starts like a URL of this engine. */
export const looksLikeUrl = (text: string): boolean => scheme.test(text);

/** Whether the text is written as Go drivers take it: user:password@tcp(host:3306)/database. */
export const looksLikeGo = (text: string): boolean => /^[^\s(@:='"]+[:@]/.test(text) && !/[\r\n]/.test(text) && text.search(goAddress) > 0;

function takeAddress(draft: Draft, protocol: string, address: string): void {
  if (/^unix$/i.test(protocol) || address.startsWith('/')) {
    fill(draft, 'host', address.startsWith('/') ? address : `/${address}`);
  } else if (!/^(tcp[46]?)?$/i.test(protocol)) {
    list(draft, 'protocol', null, 'blocked', 'would dial by way of a program on the gateway');
    problem(draft, 'host', 'The string dials by way of a connector of a cloud: give the host and the port.');
  } else {
    const [, host = address, port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(address) ?? [];
    fill(draft, 'host', host);
    fill(draft, 'port', port);
  }
}

/** Reads user:password@protocol(address)/database?name=value: the last address counts, as it does in Go; passwords are not decoded. */
export function readGoDrafts(world: World, text: string): [Draft, ...Draft[]] {
  const ways = [...text.matchAll(goAddress)].slice(-12).reverse();
  const [best, ...others] = ways.map((way) => {
    const draft = newDraft(world, ways.length > 1);
    const [whole, protocol = '', address = ''] = way;
    const login = text.slice(0, way.index);
    const colon = login.indexOf(':');
    fill(draft, 'username', colon < 0 ? login : login.slice(0, colon));
    if (colon >= 0) fill(draft, 'password', login.slice(colon + 1));
    takeAddress(draft, protocol, address);
    const rest = text.slice(way.index + whole.length + 1);
    const question = rest.indexOf('?');
    fill(draft, 'database', decode(question < 0 ? rest : rest.slice(0, question)));
    if (question >= 0) judgeQuery(draft, rest.slice(question + 1));
    return draft;
  });
  return best ? [best, ...others] : [unreadable(world, tornUrl)];
}

/** Every way to read mysql://, mariadb://, with a driver after + or jdbc: before it, the likeliest first; never none. */
export function readUrlDrafts(world: World, text: string): [Draft, ...Draft[]] {
  const [prefix = '', jdbc, x, drivers = '', kinds = ''] = scheme.exec(text) ?? [];
  const rest = text.slice(prefix.length);
  if (x)
    return [
      unreadable(world, 'This is the X protocol (usually port 33060), which is not spoken here: give the port of the classic protocol.'),
    ];
  if (looksLikeGo(rest)) return readGoDrafts(world, rest);
  const begin = (draft: Draft) => {
    if (jdbc) list(draft, 'jdbc', null, 'not_needed', 'says which driver reads it');
    if (/\+srv/i.test(drivers)) {
      list(draft, 'srv', null, 'blocked', 'would ask the DNS which hosts to dial');
      problem(draft, 'host', 'The string lets the DNS choose the host: give the one to connect to.');
    } else if (drivers) list(draft, 'driver', drivers.slice(1), 'not_needed', 'for another driver; Portcullis uses its own');
    if (kinds) list(draft, 'mode', kinds.slice(1), 'not_needed', 'one host is dialled');
  };
  const [best, ...others] = urlDrafts(world, rest, { begin });
  return best ? [best, ...others] : [unreadable(world, tornUrl)];
}

/** Whether a value is a whole string of this engine. */
export const looksWhole = (text: string): boolean => looksLikeUrl(text) || looksLikeGo(text);

/** Reads a whole string, a URL or Go's. */
export const readWhole = (world: World, text: string): [Draft, ...Draft[]] =>
  looksLikeUrl(text) ? readUrlDrafts(world, text) : readGoDrafts(world, text);
