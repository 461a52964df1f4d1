import { systemAad } from './additional-data.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import type { KeyProvider } from './key-provider.ts';
import { hex } from './key-ring.ts';
import type { Mark } from './vault-store.ts';

const knownText = Buffer.from('portcullis vault mark 1');
const markAad = systemAad('mark');

/** A text that we know, sealed by the key: whoever opens it has that key. */
export async function makeMark(provider: KeyProvider): Promise<Mark> {
  return { key_id: hex(provider.keyId), sealed: await sealEnvelope(provider, 1, markAad, knownText) };
}

/** Whether the key opens the mark. */
export function opensMark(provider: KeyProvider, mark: Mark): Promise<boolean> {
  return openEnvelope(provider, markAad, mark.sealed).then(
    (text) => text.equals(knownText),
    () => false,
  );
}
