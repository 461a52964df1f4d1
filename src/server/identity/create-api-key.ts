import type { z } from 'zod';
import type { ApiKeyInput, CreatedApiKey } from '../../contract/identity.ts';
import { may, type Permission, permissions, type Role, type Scope, scopes } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { mintKey } from './api-key-mint.ts';
import type { IdentityContext } from './identity-context.ts';
import { lockAs } from './lock-as.ts';
import { entryOf } from './people-record.ts';

/** The scopes a role can use: every one for an Admin, else those that one of its permissions needs. */
export function scopesOfRole(role: Role): readonly Scope[] {
  const held = (Object.keys(permissions) as Permission[]).filter((permission) => may({ userId: '', role, scopes: null }, permission));
  return role === 'admin' ? scopes : scopes.filter((scope) => held.some((permission) => permissions[permission].scope === scope));
}

/** Makes an API key of the actor's own. It may do no more than their role, and no more than the key it is made with. */
export async function createApiKey(
  { store, record }: IdentityContext,
  actor: Actor,
  input: z.infer<typeof ApiKeyInput>,
): Promise<CreatedApiKey> {
  return store.db.transaction().execute(async (trx) => {
    const { role } = await lockAs(trx, actor, 'key:manage');
    const usable = scopesOfRole(role);
    const own = actor.scopes === null || actor.scopes.includes('admin') ? usable : usable.filter((scope) => actor.scopes?.includes(scope));
    const beyond = input.scopes.filter((scope) => !own.includes(scope));
    if (beyond.length > 0) {
      const why = beyond.some((scope) => !usable.includes(scope)) ? `your role (${role}) does not hold` : 'the key you use does not hold';
      throw new Fault('caller.forbidden', { field: 'scopes', detail: `scopes: ${why} ${beyond.join(', ')}. Leave it out.` });
    }
    const owner = { id: actor.userId, name: actor.name, email: actor.email };
    const made = await mintKey(trx, actor.organizationId, { name: input.name, owner, scopes: input.scopes, days: input.expiresInDays });
    const detail = { name: made.name, prefix: made.prefix, scopes: made.scopes.join(' '), expiresAt: made.expiresAt };
    await record(trx, entryOf(actor, { action: 'key.created', subject: 'key', subjectId: made.id, detail }));
    return made;
  });
}
