import type { StringParameter } from '../../contract/engines.ts';
import { type Draft, fill, list, type Place } from './string-draft.ts';

/** What becomes of a parameter, and why. */
export type Rule = readonly [use: Exclude<StringParameter['use'], 'used'>, reason: string];

/** The reasons that most drivers' parameters share. */
export const common = {
  file: ['blocked', 'would read a file on the gateway'],
  caFile: ['blocked', 'would read a file on the gateway: paste the CA under Encryption instead'],
  clientCertificate: ['blocked', 'would read a file on the gateway: paste the client certificate under Encryption instead'],
  code: ['blocked', 'would load code or write files on the gateway'],
  kerberos: ['blocked', 'would sign in with a Kerberos ticket of the gateway'],
  session: ['blocked', 'sets what Portcullis sets itself, so that the session stays read-only and limited'],
  limits: ['not_needed', 'Portcullis has its own time limits'],
  pool: ['not_needed', 'Portcullis has its own pool'],
  driver: ['not_needed', 'for another driver; Portcullis uses its own'],
  oneHost: ['not_needed', 'one host is dialled'],
  verified: ['not_needed', 'the certificate is verified, or pinned, in any case'],
  name: ['not_needed', 'the server sees the name portcullis'],
  readOnly: ['not_needed', 'every session is read-only'],
  charset: ['not_needed', 'UTF-8 is used'],
  proxy: ['blocked', 'would go to the database by way of another host'],
  cloud: ['blocked', 'would sign in as the gateway itself, or with a token: give a login of the database'],
} as const satisfies Record<string, Rule>;

/** Values that may be shown: a short word that cannot be a secret. */
export const plain = /^[\w.,:/ -]{1,60}$/;

/** A name as it is compared: sslMode, SSL Mode, ssl-mode and ssl_mode are one. */
export const folded = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, '');

/** An allow-list: names with blanks between, and the rule of each. */
export const ruleBook = (groups: readonly (readonly [names: string, rule: Rule])[]): ReadonlyMap<string, Rule> =>
  new Map(groups.flatMap(([names, rule]) => names.split(/\s+/).map((name) => [folded(name), rule] as const)));

/** Lists what is on no list: never by its name, for what follows an unquoted password reads as one and may be a part of it. */
export const listUnknown = (draft: Draft): void => list(draft, 'unknown', null, 'blocked', 'not on the list of what is known');

interface Book {
  readonly places: Readonly<Record<string, Place>>;
  readonly rules: ReadonlyMap<string, Rule>;
  /** Names, folded, whose value may be a secret. */
  readonly silent: ReadonlySet<string>;
  /** Parameters whose meaning hangs on their value; whether the parameter was one. */
  special(draft: Draft, key: string, shownName: string, value: string): boolean;
}

/** A judge by an allow-list with folded names. */
export function judgeBy(book: Book): (draft: Draft, name: string, value: string) => void {
  return (draft, rawName, value) => {
    const name = rawName.trim().replace(/\s+/g, ' ');
    const key = folded(name);
    const place = Object.hasOwn(book.places, key) ? book.places[key] : undefined;
    const rule = book.rules.get(key);
    if (book.special(draft, key, name, value)) return;
    if (place) fill(draft, place, value, name);
    else if (rule) list(draft, name, plain.test(value) && !book.silent.has(key) ? value : null, ...rule);
    else listUnknown(draft);
  };
}
