import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { OneTimeLink } from '../../contract/identity.ts';
import { after, newId } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { insertLink, type Link } from './link-store.ts';

const HOUR = 3_600_000;
const kinds = {
  invitation: { life: 7 * 24 * HOUR, path: '/invitation' },
  password: { life: 24 * HOUR, path: '/password' },
} as const;

/** The one way from a secret that is drawn at random to what the store keeps of it. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether two texts are the same, in a time that does not tell where they differ. */
export const sameText = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

/** Makes a one-time link. The token stands behind #, which a browser does not send: it reaches no server's log. */
export async function makeLink(
  trx: Database,
  base: string,
  about: Omit<Link, 'id' | 'expiresAt'>,
): Promise<OneTimeLink & { readonly id: string }> {
  const token = randomBytes(32).toString('base64url');
  const { life, path } = kinds[about.purpose];
  const link: Link = { ...about, id: newId(), expiresAt: after(life) };
  await insertLink(trx, link, hashOf(token));
  return { id: link.id, url: `${base}${path}#token=${token}`, expiresAt: link.expiresAt };
}
