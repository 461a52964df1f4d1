import type { X509Certificate } from 'node:crypto';
import type { Certificate } from '../../../contract/connections.ts';

const longest = 300;
const mostNames = 40;

/** Text out of a certificate: whoever runs the server wrote it, so it is cut and cleaned before anyone reads it. */
function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, longest);
}

/** A name as certificates hold it, in one line: `CN=db.example.com, O=Example`. */
const nameOf = (lines: string): string => clean(lines.split('\n').reverse().join(', '));

function isoTime(text: string): string {
  const time = new Date(text);
  return (Number.isNaN(time.getTime()) ? new Date(0) : time).toISOString();
}

/** What a person compares: whose certificate it is, who vouches for it, for which names, how long, and its fingerprint (64 hexadecimal digits). */
export function certificateOf(x509: X509Certificate): Certificate {
  const names = (x509.subjectAltName ?? '')
    .split(', ')
    .map((name) => clean(name.replace(/^(DNS|IP Address|URI|email):/, '')))
    .filter((name) => name !== '');
  return {
    subject: nameOf(x509.subject ?? ''),
    issuer: nameOf(x509.issuer ?? ''),
    names: names.slice(0, mostNames),
    validFrom: isoTime(x509.validFrom),
    validTo: isoTime(x509.validTo),
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}
