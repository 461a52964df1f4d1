import { after, newId, now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';

const MINUTE = 60_000;
/** Tests a minute: of one person, and to one destination as one user (so that we never lock an account for somebody). */
export const testLimits = { person: 10, destination: 5 } as const;

/** Counts a test against its limits, or refuses it. `personKey`: null where the person was counted already. Counted in the store, so that several processes share the count. */
export async function countTest(
  store: Store,
  organizationId: string,
  personKey: string | null,
  destinations: readonly string[],
): Promise<void> {
  const since = after(-MINUTE);
  await store.db.transaction().execute(async (trx) => {
    // Held until the end: two at once must not both find room for the last one.
    await trx
      .updateTable('organizations')
      .set((e) => ({ name: e.ref('name') }))
      .where('id', '=', organizationId)
      .execute();
    await trx
      .deleteFrom('attempts')
      .where('at', '<', after(-60 * MINUTE))
      .execute();
    const person = personKey === null ? [] : [[personKey, testLimits.person] as const];
    const counted = [...person, ...destinations.map((key) => [key, testLimits.destination] as const)];
    for (const [key, limit] of counted) {
      const recent = await trx.selectFrom('attempts').select('at').where('key', '=', key).where('at', '>', since).orderBy('at').execute();
      const oldest = recent[0];
      if (recent.length >= limit && oldest) {
        const retryAfter = Math.max(1, Math.ceil((Date.parse(oldest.at) + MINUTE - Date.now()) / 1000));
        const what = key === personKey ? `${limit} tests a minute by one person` : `${limit} tests a minute to one database as one user`;
        throw new Fault('rate.exceeded', { detail: `At most ${what}. Try again in ${retryAfter} s.`, retryAfter });
      }
      await trx.insertInto('attempts').values({ id: newId(), key, at: now() }).execute();
    }
  });
}

/** How many of a person's tests count at this moment. */
export async function testsUsed(store: Store, personKey: string): Promise<number> {
  const rows = await store.db.selectFrom('attempts').select('id').where('key', '=', personKey).where('at', '>', after(-MINUTE)).execute();
  return rows.length;
}
