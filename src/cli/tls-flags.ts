import { UsageError } from './failure.ts';
import { readNamed } from './secret-file.ts';

/** The flags about encryption. */
export interface TlsFlags {
  readonly tls?: string;
  readonly caFile?: string;
  readonly clientCertFile?: string;
}

/** How the wire is encrypted: --tls verify-full, pinned:<sha256> or disable, with --ca-file and --client-cert-file. */
export function tlsOf({ tls = 'verify-full', caFile, clientCertFile }: TlsFlags): Record<string, string> {
  if (caFile !== undefined && tls !== 'verify-full') throw new UsageError('--ca-file goes with --tls verify-full.');
  if (tls === 'disable') {
    if (clientCertFile !== undefined) throw new UsageError('--client-cert-file does not go with --tls disable.');
    return { mode: 'disable' };
  }
  const client = clientCertFile === undefined ? {} : { clientCertificate: readNamed('--client-cert-file', clientCertFile) };
  if (tls === 'verify-full')
    return { mode: 'verify-full', ...(caFile === undefined ? {} : { ca: readNamed('--ca-file', caFile) }), ...client };
  const [mode, ...sha256] = tls.split(':');
  if (mode !== 'pinned') throw new UsageError('--tls must be verify-full, pinned:<sha256> or disable.');
  return { mode: 'pinned', sha256: sha256.join(':'), ...client };
}
