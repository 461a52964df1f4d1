import { after } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { deleteAttempt, deleteAttempts, deleteAttemptsBelow, deleteOldAttempts, insertAttempt, listAttempts } from './attempt-store.ts';
import { hashOf } from './one-time-token.ts';

const WINDOW = 15 * 60_000;
/** From one place at one person. */
const MOST_FROM_ONE = 10;
/** From everywhere at one person: far more than one place may, or anybody could keep anybody else out. */
const MOST_FROM_ALL = 100;
const BEGINNING = 'password:';

/** Where an attempt comes from. */
export interface Guesser {
  readonly from: `${'peer' | 'device' | 'sign-in' | 'link'} ${string}`;
  /** Whether the place is the person's own as far as we can tell: what others guess elsewhere does not close it. */
  readonly known: boolean;
}

/** Hashed: people type passwords into the wrong field. */
const keyOf = (email: string): string => BEGINNING + hashOf(email.toLowerCase());

/**
 * Makes an attempt at a person's password, unless too many have failed within fifteen minutes: ten from this place, or a hundred from all
 * places that are not known as theirs; whether or not the person exists.
 * The attempt is counted before it is made, so that many at once cannot slip through together.
 */
export async function throttlePassword(
  db: Database,
  email: string,
  { from, known }: Guesser,
  attempt: () => Promise<boolean>,
): Promise<boolean> {
  const everywhere = keyOf(email);
  const here = `${everywhere}:${hashOf(from)}`;
  const limits: readonly (readonly [key: string, most: number])[] = [
    [here, MOST_FROM_ONE],
    ...(known ? [] : [[everywhere, MOST_FROM_ALL] as const]),
  ];
  const ids = await Promise.all(limits.map(([key]) => insertAttempt(db, key)));
  const takeBack = () => Promise.all(ids.map((id) => deleteAttempt(db, id)));
  for (const [key, most] of limits) {
    const made = await listAttempts(db, key, after(-WINDOW));
    if (made.length <= most) continue;
    // A refused attempt does not count, or the wait would never end.
    await takeBack();
    const free = Date.parse(made[made.length - 1 - most] ?? '') + WINDOW;
    throw new Fault('rate.exceeded', {
      detail: 'Too many wrong passwords for this e-mail address. Wait, or ask an Admin for a password link.',
      retryAfter: Math.max(1, Math.ceil((free - Date.now()) / 1000)),
    });
  }
  try {
    const right = await attempt();
    // Only what was made here: the guesses of others go on counting.
    if (right) await Promise.all([takeBack(), deleteAttempts(db, here)]);
    return right;
  } catch (error) {
    await takeBack();
    throw error;
  }
}

/** Forgets the failed attempts from everywhere: the person has a new password. */
export async function forgetAttempts(db: Database, email: string): Promise<void> {
  await deleteAttempts(db, keyOf(email));
  await deleteAttemptsBelow(db, `${keyOf(email)}:`);
}

/** Forgets what no longer counts, for every address. */
export const forgetOldAttempts = (db: Database): Promise<void> => deleteOldAttempts(db, BEGINNING, after(-WINDOW));
