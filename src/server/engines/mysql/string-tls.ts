import type { Draft } from '../string-draft.ts';
import { folded, plain } from '../string-rules.ts';
import { sayTls, type TlsWord, truth } from '../string-tls.ts';

const modes: Record<string, TlsWord> = {
  disabled: 'off',
  disable: 'off',
  none: 'off',
  preferred: 'prefer',
  prefer: 'prefer',
  required: 'require',
  require: 'require',
  verifyca: 'chain',
  verifyidentity: 'full',
  verifyfull: 'full',
  strict: 'full',
  trust: 'any',
  skipverify: 'any',
  acceptinvalidcerts: 'any',
};

/** Parameters that say how to encrypt, by a word or a switch. */
const switches = new Set(['sslmode', 'ssl', 'usessl', 'tls', 'usetls', 'sslaccept', 'requiressl']);
/** Parameters that say whether the certificate is checked. */
const checks = new Set([
  'verifyservercertificate',
  'sslverifyservercert',
  'sslverifycert',
  'sslverifyidentity',
  'sslcheckhostname',
  'rejectunauthorized',
]);
/** Parameters that say the opposite. */
const trusts = new Set(['trustservercertificate', 'disablesslhostnameverification', 'skipsslverifyservercert']);

function switchWord(key: string, value: string): TlsWord | undefined {
  // mysql2 takes the options of TLS as JSON.
  if (/^\{/.test(value))
    return /^\{"rejectUnauthorized":(true|false)\}$/.test(value.replace(/\s/g, '')) ? (value.includes('true') ? 'full' : 'any') : undefined;
  const on = truth(value);
  if (on !== undefined) return on ? 'require' : key === 'requiressl' ? 'prefer' : 'off';
  const mode = folded(value);
  return Object.hasOwn(modes, mode) ? modes[mode] : undefined;
}

/** What a parameter about TLS says; null where it is about something else. */
function wordOf(key: string, value: string): TlsWord | undefined | null {
  const on = truth(value);
  if (switches.has(key)) return switchWord(key, value);
  if (checks.has(key)) return on === undefined ? undefined : on ? 'checked' : 'any';
  if (trusts.has(key)) return on === undefined ? undefined : on ? 'any' : 'checked';
  if (key === 'ssldisabled') return on === undefined ? undefined : on ? 'off' : 'require';
  return key === 'skipssl' ? 'off' : null;
}

/** Judges what the many drivers call encryption; whether the parameter was about it. */
export function judgeTls(draft: Draft, key: string, name: string, value: string): boolean {
  const word = wordOf(key, value);
  if (word === null) return false;
  sayTls(draft, name, plain.test(value) ? value : null, word);
  return true;
}
