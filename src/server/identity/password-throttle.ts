import { after } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { deleteAttempt, deleteAttempts, deleteOldAttempts, insertAttempt, listAttempts } from './attempt-store.ts';
import { hashOf } from './one-time-token.ts';

const WINDOW = 15 * 60_000;
const MOST = 10;
const BEGINNING = 'password:';

/** Hashed: people type passwords into the wrong field. */
const keyOf = (email: string): string => BEGINNING + hashOf(email.toLowerCase());

/**
 * Makes an attempt at a person's password, unless ten have failed within fifteen minutes, whoever made them and whether or not the person exists.
 * The attempt is counted before it is made, so that many at once cannot slip through together.
 */
export async function throttlePassword(db: Database, email: string, attempt: () => Promise<boolean>): Promise<boolean> {
  const key = keyOf(email);
  const id = await insertAttempt(db, key);
  const made = await listAttempts(db, key, after(-WINDOW));
  if (made.length > MOST) {
    // A refused attempt does not count, or the wait would never end.
    await deleteAttempt(db, id);
    const free = Date.parse(made[made.length - 1 - MOST] ?? '') + WINDOW;
    throw new Fault('rate.exceeded', {
      detail: 'Too many wrong passwords for this e-mail address. Wait, or ask an Admin for a password link.',
      retryAfter: Math.max(1, Math.ceil((free - Date.now()) / 1000)),
    });
  }
  try {
    const right = await attempt();
    if (right) await forgetAttempts(db, email);
    return right;
  } catch (error) {
    await deleteAttempt(db, id);
    throw error;
  }
}

/** Forgets the failed attempts: the person proved themselves, or has a new password. */
export const forgetAttempts = (db: Database, email: string): Promise<void> => deleteAttempts(db, keyOf(email));

/** Forgets what no longer counts, for every address. */
export const forgetOldAttempts = (db: Database): Promise<void> => deleteOldAttempts(db, BEGINNING, after(-WINDOW));
