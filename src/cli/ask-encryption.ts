import type { EngineDescription } from '../contract/engines.ts';
import { askChoice, askText } from './questions.ts';
import type { TlsFlags } from './tls-flags.ts';

/** How the wire is encrypted, asked of a person who was led through the rest. Nothing is asked where there is no wire, or where it was said. */
export async function askEncryption<T extends TlsFlags & { readonly reason?: string }>(engine: EngineDescription, flags: T): Promise<T> {
  if (flags.tls !== undefined || flags.caFile !== undefined || !engine.address.some(({ widget }) => widget === 'tls')) return flags;
  const mode = await askChoice('Encryption', ['verify-full', 'pinned', 'disable'], 'verify-full');
  if (mode === 'pinned') return { ...flags, tls: `pinned:${await askText('SHA-256 of the certificate', '--tls pinned:<sha256>')}` };
  if (mode === 'verify-full' || flags.reason !== undefined) return { ...flags, tls: mode };
  const reason = (await askText('Why without encryption? (may be empty on loopback)', '--reason')).trim();
  return { ...flags, tls: mode, ...(reason === '' ? {} : { reason }) };
}
