import { type Draft, fill, list, problem, unreadable } from '../string-draft.ts';
import { decode, fillHostPort, tornUrl, urlDrafts } from '../string-url.ts';
import { loginDrafts } from './string-login.ts';
import { oracleWorld } from './string-parameters.ts';
import { fillService, takeTarget } from './string-target.ts';

const scheme = /^oracle(\+[a-z0-9_]+)?:\/\//i;
const jdbc = /^jdbc:oracle:(thin|oci8?|kprb):/i;

/** Whether the text starts like a URL of this engine. */
export const looksLikeUrl = (text: string): boolean => scheme.test(text) || jdbc.test(text);

const torn = 'This does not read as user/password@host:port/service. If the password holds @ / or ?, enter the fields one by one.';

function readJdbc(text: string): Draft[] {
  const [prefix = '', driver = ''] = jdbc.exec(text) ?? [];
  if (/^kprb$/i.test(driver)) return [unreadable(oracleWorld, 'This is for code inside the server: give host, port and service name.')];
  // Without a login the text begins with the @.
  const rest = text.slice(prefix.length);
  return loginDrafts(rest.startsWith('@') ? rest.slice(1) : rest, (draft) =>
    list(draft, 'jdbc', null, 'not_needed', 'says which driver reads it'),
  );
}

function readScheme(text: string): Draft[] {
  const [prefix = '', driver] = scheme.exec(text) ?? [];
  const drafts = urlDrafts(oracleWorld, text.slice(prefix.length), {
    begin(draft) {
      if (driver) list(draft, 'driver', driver.slice(1), 'not_needed', 'for another driver; Portcullis uses its own');
    },
    take(draft, split) {
      const path = decode(split.path ?? '');
      if (split.hosts.startsWith('(')) return takeTarget(draft, split.hosts);
      fillHostPort(draft, split.hosts);
      // SQLAlchemy takes the path for an SID; everyone else for a service.
      if (driver) fillService(draft, path, 'sid');
      else fillService(draft, path, 'service');
    },
  });
  for (const draft of drafts) {
    // Where SQLAlchemy is told neither, the host is a name of tnsnames.ora.
    const { host, port, database } = draft.values;
    if (driver && host !== undefined && port === undefined && database === undefined)
      problem(draft, 'host', 'The string names an entry of tnsnames.ora, which is not read here: give host, port and service name.');
  }
  return drafts;
}

/** Every way to read oracle://, oracle+driver:// and jdbc:oracle:thin:, the likeliest first; never none. */
export function readUrlDrafts(text: string): [Draft, ...Draft[]] {
  const isJdbc = jdbc.test(text);
  const [best, ...others] = isJdbc ? readJdbc(text) : readScheme(text);
  return best ? [best, ...others] : [unreadable(oracleWorld, isJdbc ? torn : tornUrl)];
}

/** Reads user/password@target or a target alone. */
export function readLogin(text: string): [Draft, ...Draft[]] {
  const [best, ...others] = loginDrafts(text.replace(/^conn(?:ect)?\s+/i, '').replace(/;$/, ''));
  return best ? [best, ...others] : [unreadable(oracleWorld, torn)];
}

/** Fills a login that stands without a target. */
export function fillLoginAlone(draft: Draft, login: string): void {
  const slash = login.indexOf('/');
  fill(draft, 'username', slash < 0 ? login : login.slice(0, slash));
  if (slash >= 0) fill(draft, 'password', login.slice(slash + 1));
}
