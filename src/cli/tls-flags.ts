import { UsageError } from './failure.ts';
import { readNamed } from './secret-file.ts';

/** The flags about encryption. */
export interface TlsFlags {
  readonly tls?: string;
  readonly caFile?: string;
  readonly clientCertFile?: string;
}

/** How the wire is encrypted, as an address says it. */
export type Encryption = Readonly<Record<string, string>>;

/** How it is encrypted after an edit: another way altogether by --tls, or the way that stands with other certificates. */
export function editedTls(before: Encryption, flags: TlsFlags): Encryption {
  if (flags.tls !== undefined) return tlsOf(flags);
  const { ca, clientCertificate } = certificatesOf(flags);
  if (ca !== undefined && before.mode !== 'verify-full') throw new UsageError('--ca-file goes with --tls verify-full.');
  if (clientCertificate !== undefined && before.mode === 'disable')
    throw new UsageError('--client-cert-file does not go with a connection that is not encrypted: give --tls too.');
  return { ...before, ...(ca === undefined ? {} : { ca }), ...(clientCertificate === undefined ? {} : { clientCertificate }) };
}

const certificatesOf = ({ caFile, clientCertFile }: TlsFlags): { ca?: string; clientCertificate?: string } => ({
  ...(caFile === undefined ? {} : { ca: readNamed('--ca-file', caFile) }),
  ...(clientCertFile === undefined ? {} : { clientCertificate: readNamed('--client-cert-file', clientCertFile) }),
});

/** How the wire is encrypted: --tls verify-full, pinned:<sha256> or disable, with --ca-file and --client-cert-file. */
export function tlsOf(flags: TlsFlags): Encryption {
  const { tls = 'verify-full', caFile, clientCertFile } = flags;
  if (caFile !== undefined && tls !== 'verify-full') throw new UsageError('--ca-file goes with --tls verify-full.');
  if (tls === 'disable') {
    if (clientCertFile !== undefined) throw new UsageError('--client-cert-file does not go with --tls disable.');
    return { mode: 'disable' };
  }
  if (tls === 'verify-full') return { mode: 'verify-full', ...certificatesOf(flags) };
  const [mode, ...sha256] = tls.split(':');
  if (mode !== 'pinned') throw new UsageError('--tls must be verify-full, pinned:<sha256> or disable.');
  return { mode: 'pinned', sha256: sha256.join(':'), ...certificatesOf(flags) };
}
