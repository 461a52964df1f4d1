import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import type { Address } from '../../../contract/connections.ts';
import { Ssh, Tls } from '../../../contract/engines.ts';
import { plainLine, plainLineWanted } from '../../../contract/shown-text.ts';

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
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (tls.mode === 'verify-full' && tls.ca !== undefined && !certificates(tls.ca))
    refuse('ca', 'paste the certificate of the CA in PEM form (BEGIN CERTIFICATE), and never a private key');
  if (tls.mode !== 'disable' && tls.clientCertificate !== undefined && !certificates(tls.clientCertificate))
    refuse(
      'clientCertificate',
      'paste the client’s certificate in PEM form (BEGIN CERTIFICATE); its private key belongs to the credential',
    );
});

export const Host = z
  .string()
  .trim()
  .overwrite((host) => host.replace(/^\[([0-9a-fA-F:.]+)\]$/, '$1'))
  .min(1, 'enter a host name or an address')
  .max(253, 'a host name has at most 253 characters')
  .refine(
    (host) => isIP(host) > 0 || /^(?![.-])[\p{L}\p{N}._-]+$/u.test(host),
    'enter a host name or an address alone: no scheme, port, path or spaces',
  );
export const Port = z.int('enter a number').min(1, 'ports start at 1').max(65_535, 'ports end at 65535');

/** The part of an address that every engine on a network has: strict objects of engines spread it. */
export const networkShape = { host: Host, port: Port, tls: encryption, ssh: Ssh.nullable().default(null) };

/** A name of a database, a service or a schema: as the engine writes it, with nothing in it that hides. `most`: bytes. */
export const nameWithin = (most: number) =>
  z
    .string()
    .min(1, 'enter the name of the database')
    .regex(plainLine, plainLineWanted)
    .refine((name) => Buffer.byteLength(name) <= most, `a database name has at most ${most} bytes`);

/** Where a server is, and how the wire to it is protected. */
export interface NetworkPlace {
  readonly host: string;
  readonly port: number;
  readonly tls: Tls;
  readonly ssh: Ssh | null;
}

/** How the server of a checked address of any engine is reached; a database that is a file has neither. */
export function wayOf(address: Address): { readonly tls: Tls | null; readonly ssh: Ssh | null } {
  const part = <T>(name: string, shape: z.ZodType<T>): T | null => {
    const given = address[name];
    return given === undefined || given === null ? null : shape.parse(given);
  };
  return { tls: part('tls', Tls), ssh: part('ssh', Ssh) };
}

/** The client's certificates in the address, PEM; null where there are none. */
export function clientCertificateOf(address: Address): string | null {
  const { tls } = wayOf(address);
  return tls !== null && tls.mode !== 'disable' ? (tls.clientCertificate ?? null) : null;
}

/** Whether the host is this machine itself, by the ways of writing it that need no name service. */
export const isLoopback = (host: string): boolean => /^(localhost\.?|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);

/** Whether what is sent could be read on the way; a tunnel ends before the database, so that it does not change this. */
export const isOpenWire = ({ tls, host }: NetworkPlace): boolean => tls.mode === 'disable' && !isLoopback(host);

/** 64 lower-case hexadecimal digits, however the fingerprint was written. */
export const plainFingerprint = (sha256: string): string => sha256.replaceAll(':', '').toLowerCase();

const digest = (text: string): string => createHash('sha256').update(text.trim()).digest('hex');

/** What a sealed credential is bound to of the way there: if any of it changes, the credential does not open. */
export function wayBinding({ tls, ssh }: NetworkPlace): Record<string, string | number | null> {
  const ca = tls.mode === 'verify-full' && tls.ca !== undefined ? digest(tls.ca) : null;
  const pin = tls.mode === 'pinned' ? plainFingerprint(tls.sha256) : null;
  // Absent where there is none: what was sealed before there were client certificates goes on to open.
  const client = tls.mode !== 'disable' && tls.clientCertificate !== undefined ? { tlsClient: digest(tls.clientCertificate) } : {};
  return {
    tls: tls.mode,
    tlsCa: ca,
    tlsPin: pin,
    ...client,
    sshHost: ssh?.host.toLowerCase() ?? null,
    sshPort: ssh?.port ?? null,
    sshUser: ssh?.user ?? null,
    sshHostKey: ssh?.hostKeySha256 ?? null,
  };
}
