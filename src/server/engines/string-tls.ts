import { type Draft, list } from './string-draft.ts';

/** What a string can say of encryption, from none to all: `any` is any certificate, `checked` that it is checked if there is one. */
export type TlsWord = 'off' | 'prefer' | 'require' | 'chain' | 'full' | 'any' | 'checked';

const reasons: Record<Exclude<TlsWord, 'off' | 'any' | 'checked'>, string> = {
  prefer: 'Strengthened: always encrypted, and the certificate is verified',
  require: 'Strengthened: the certificate is verified too',
  chain: 'Strengthened: the name in the certificate is verified too',
  full: 'The certificate is verified',
};

/** Notes what the string says of encryption: it is never weaker than the string asks, and off only where it says so itself. */
export function sayTls(draft: Draft, name: string, value: string | null, word: TlsWord | undefined): void {
  if (word === undefined) {
    list(draft, name, null, 'blocked', 'not a value that is known');
  } else if (word === 'any') {
    list(draft, name, value, 'blocked', 'would accept any certificate: verify it, give its CA, or pin it');
  } else if (word === 'checked') {
    list(draft, name, value, 'used', reasons.full);
  } else if (word === 'off' && draft.encryption === 'on') {
    list(draft, name, value, 'blocked', 'would switch encryption off, which the string asks for elsewhere');
  } else if (word === 'off') {
    draft.encryption = 'off';
    draft.tls = { mode: 'disable' };
    list(draft, name, value, 'used', 'Not encrypted: an Admin must give a reason');
  } else {
    draft.encryption = 'on';
    draft.tls = { mode: 'verify-full' };
    list(draft, name, value, 'used', reasons[word]);
  }
}

const yes = /^(1|true|on|yes|t|y)$/i;
const no = /^(0|false|off|no|f|n)$/i;

/** A switch as strings write it; undefined where it is neither. */
export const truth = (value: string): boolean | undefined => (yes.test(value) ? true : no.test(value) ? false : undefined);
