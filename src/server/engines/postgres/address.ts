import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ZodType, z } from 'zod';
import type { Address } from '../../../contract/connections.ts';
import { Tls } from '../../../contract/engines.ts';

const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The certificates of a pasted text, or null where one of them cannot be read or something private is among them. */
function certificates(text: string): readonly string[] | null {
  const found = text.match(pem) ?? [];
  if (found.length === 0 || /PRIVATE KEY/.test(text)) return null;
  try {
    for (const one of found) new X509Certificate(one);
    return found;
  } catch {
    return null;
  }
}

const encryption = Tls.superRefine((tls, context) => {
  // The address is shown in clear: a private key must not get into it.
  if (tls.mode === 'verify-full' && tls.ca !== undefined && !certificates(tls.ca))
    context.addIssue({
      code: 'custom',
      path: ['ca'],
      message: 'paste the certificate of the CA in PEM form (BEGIN CERTIFICATE), and never a private key',
    });
});

/** Where a PostgreSQL database is. */
export const PostgresAddress = z.strictObject({
  host: z
    .string()
    .trim()
    .overwrite((host) => host.replace(/^\[([0-9a-fA-F:.]+)\]$/, '$1'))
    .min(1, 'enter a host name or an address')
    .max(253, 'a host name has at most 253 characters')
    .refine(
      (host) => isIP(host) > 0 || /^(?![.-])[\p{L}\p{N}._-]+$/u.test(host),
      'enter a host name or an address alone: no scheme, port, path or spaces',
    ),
  port: z.int('enter a number').min(1, 'ports start at 1').max(65_535, 'ports end at 65535'),
  database: z
    .string()
    .min(1, 'enter the name of the database')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'must not hold control characters')
    .refine((name) => Buffer.byteLength(name) <= 63, 'a database name has at most 63 bytes'),
  tls: encryption,
  ssh: z.null('SSH tunnels come with a later version').default(null),
});
export type PostgresAddress = z.infer<typeof PostgresAddress>;

/** The same check, giving the plain JSON that every engine's address is. */
export const addressSchema: ZodType<Address> = PostgresAddress.transform((at): Address => JSON.parse(JSON.stringify(at)));

/** The address as this engine's own shape; throws where it was never checked. */
export const placeOf = (address: Address): PostgresAddress => PostgresAddress.parse(address);

/** Whether the host is this machine itself, by the ways of writing it that need no name service. */
export const isLoopback = (host: string): boolean => /^(localhost\.?|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);

/** Whether what is sent could be read on the way. */
export function isUnencrypted(address: Address): boolean {
  const { tls, host } = placeOf(address);
  return tls.mode === 'disable' && !isLoopback(host);
}

/** 64 lower-case hexadecimal digits, however the fingerprint was written. */
export const plainFingerprint = (sha256: string): string => sha256.replaceAll(':', '').toLowerCase();

/** What a sealed credential is bound to: if any of it changes, the credential does not open. */
export function bindingOf(address: Address, username: string): Record<string, string | number | null> {
  const { host, port, database, tls } = placeOf(address);
  const ca = tls.mode === 'verify-full' && tls.ca !== undefined ? createHash('sha256').update(tls.ca.trim()).digest('hex') : null;
  const pin = tls.mode === 'pinned' ? plainFingerprint(tls.sha256) : null;
  const ssh = { sshHost: null, sshPort: null, sshUser: null, sshHostKey: null };
  return { host: host.toLowerCase(), port, database, user: username, tls: tls.mode, tlsCa: ca, tlsPin: pin, ...ssh };
}
