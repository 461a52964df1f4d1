import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { deleteKey } from './api-key-store.ts';
import type { IdentityContext } from './identity-context.ts';
import { reachOf } from './list-api-keys.ts';
import { entryOf } from './people-record.ts';

/** Destroys an API key within the actor's reach; it stops at once. */
export async function revokeApiKey(
  { store, record, principals }: IdentityContext,
  actor: Actor,
  { id }: { readonly id: string },
): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    const gone = await deleteKey(trx, reachOf(actor), id);
    if (!gone) throw new Fault('key.unknown', { detail: 'It may be revoked already, or belong to somebody else.' });
    await record(
      trx,
      entryOf(actor, { action: 'key.revoked', subject: 'key', subjectId: id, detail: { name: gone.name, owner: gone.user_id } }),
    );
  });
  principals.forget();
}
