import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

/** A host as somebody wrote it, read: an address in its one spelling, or a name to look up. */
export type Host = { readonly address: string } | { readonly name: string };

const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** The last label of an address in any of its old spellings: decimal, octal or hexadecimal. */
const number = /^(\d+|0x[0-9a-f]*)$/;

/**
 * Reads a host in whatever spelling (2130706433, 0x7f.1, 127.1, [::1], fe80::1%eth0, full-width digits, trailing dot);
 * null where it is neither an address nor a name. What could be an address to one program and a name to another is refused.
 */
export function readHost(text: string): Host | null {
  const plain = ascii(text.trim());
  if (plain === null) return null;
  const bracketed = /^\[(.+)\]$/.exec(plain)?.[1];
  const host = bracketed ?? plain.replace(/\.$/, '');
  if (host.includes(':')) return ipaddr.IPv6.isValid(host) ? { address: oneSpelling(host) } : null;
  const labels = host.split('.');
  if (bracketed !== undefined || host.length > 253) return null;
  if (number.test(labels.at(-1) ?? '')) return ipaddr.IPv4.isValid(host) ? { address: oneSpelling(host) } : null;
  // The dot at the end stays: it says that the name is whole, so that no search domain is added.
  return labels.every((part) => label.test(part)) ? { name: plain } : null;
}

/** What a host is counted under, however it was written: an address in its one spelling, a name in small letters without the dot at its end. */
export function hostKey(text: string): string {
  const host = readHost(text);
  if (host === null) return text.toLowerCase();
  return 'address' in host ? host.address : host.name.replace(/\.$/, '');
}

/** An address in its one spelling: IPv4 in IPv6 form as IPv4, and without the zone, which only link-local ones have. */
export function oneSpelling(address: string): string {
  return ipaddr.process(address.replace(/%.*$/, '')).toString();
}

function ascii(text: string): string | null {
  if (/^[\x21-\x7e]+$/.test(text)) return text.toLowerCase();
  // Only letters, digits and what stands between them: domainToASCII would cut off the rest of an address with a path.
  return /^[\p{L}\p{M}\p{N}\p{Cf}._\u3002\uff0e\uff61-]+$/u.test(text) ? domainToASCII(text) || null : null;
}
