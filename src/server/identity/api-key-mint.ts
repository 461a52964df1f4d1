import { randomBytes } from 'node:crypto';
import type { ApiKey, CreatedApiKey } from '../../contract/identity.ts';
import { after, newId, now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { insertKey } from './api-key-store.ts';
import { hashOf } from './one-time-token.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const DAY = 86_400_000;

/** Draws a key and keeps its hash. The key itself is in what is returned, and nowhere else. */
export async function mintKey(
  trx: Database,
  organizationId: string,
  about: Pick<ApiKey, 'name' | 'owner'> & { readonly scopes: readonly ApiKey['scopes'][number][]; readonly days: number },
): Promise<CreatedApiKey> {
  const prefix = `pc_${Array.from(randomBytes(8), (byte) => ALPHABET[byte % 32]).join('')}`;
  const key = `${prefix}_${randomBytes(32).toString('base64url')}`;
  const { name, owner, scopes, days } = about;
  const made: ApiKey = {
    id: newId(),
    name,
    prefix,
    scopes: [...new Set(scopes)],
    owner,
    createdAt: now(),
    expiresAt: after(days * DAY),
    lastUsedAt: null,
  };
  await insertKey(trx, organizationId, made, hashOf(key));
  return { ...made, key };
}
