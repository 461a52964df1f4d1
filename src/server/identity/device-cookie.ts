import { createHmac, randomUUID } from 'node:crypto';
import { reveal, type Secret } from '../platform/secret.ts';
import { sameText } from './one-time-token.ts';

/** What the cookies of known devices are made with. */
export interface DeviceParts {
  readonly secret: Secret;
  readonly secureCookies: boolean;
}

const HALF_YEAR = 180 * 86_400;

const sign = ({ secret }: DeviceParts, ...parts: readonly string[]): string =>
  createHmac('sha256', reveal(secret))
    .update(['device', ...parts].join('\n'))
    .digest('base64url');

/** A name for each person, so that several can use one browser. It tells nobody who they are. */
const nameOf = (parts: DeviceParts, email: string): string =>
  `${parts.secureCookies ? '__Secure-' : ''}portcullis.device_${sign(parts, 'name', email.toLowerCase()).slice(0, 12)}`;

/** The device that these cookies prove: one on which this person has signed in before. Null: none. */
export function knownDevice(parts: DeviceParts, cookies: string | null, email: string): string | null {
  const beginning = `${nameOf(parts, email)}=`;
  const value = cookies
    ?.split('; ')
    .find((cookie) => cookie.startsWith(beginning))
    ?.slice(beginning.length);
  const [id = '', signature = ''] = value?.split('.') ?? [];
  return id !== '' && sameText(signature, sign(parts, id, email.toLowerCase())) ? id : null;
}

/** The Set-Cookie line after which the device is known as one of this person's. It lets nobody in: it only keeps others' guesses apart. */
export function deviceCookie(parts: DeviceParts, email: string): string {
  const id = randomUUID();
  const value = `${id}.${sign(parts, id, email.toLowerCase())}`;
  const secure = parts.secureCookies ? '; Secure' : '';
  return `${nameOf(parts, email)}=${value}; Max-Age=${HALF_YEAR}; Path=/api/auth; HttpOnly${secure}; SameSite=Lax`;
}
