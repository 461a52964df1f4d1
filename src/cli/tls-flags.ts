import { readFileSync } from 'node:fs';
import { UsageError } from './failure.ts';

/** How the wire is encrypted: --tls verify-full, pinned:<sha256> or disable, and --ca-file. */
export function tlsOf({ tls = 'verify-full', caFile }: { readonly tls?: string; readonly caFile?: string }): Record<string, string> {
  if (caFile !== undefined && tls !== 'verify-full') throw new UsageError('--ca-file goes with --tls verify-full.');
  if (tls === 'verify-full') return caFile === undefined ? { mode: 'verify-full' } : { mode: 'verify-full', ca: read(caFile) };
  if (tls === 'disable') return { mode: 'disable' };
  const [mode, ...sha256] = tls.split(':');
  if (mode !== 'pinned') throw new UsageError('--tls must be verify-full, pinned:<sha256> or disable.');
  return { mode: 'pinned', sha256: sha256.join(':') };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca-file ${path} cannot be read (${error instanceof Error && 'code' in error ? error.code : 'unknown'}).`);
  }
}
