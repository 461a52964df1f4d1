import { may, maySee, type Permission } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, findConnection } from './connection-store.ts';

/** The connection, if the actor may do this with it: 404 when they may not even see it, 403 when they may only see it. */
export async function requireConnection(store: Store, actor: Actor, id: string, permission: Permission): Promise<ConnectionRow> {
  const row = await findConnection(store.db, actor.organizationId, id);
  const subject = row && { createdBy: row.created_by_user_id, visibility: row.visibility as 'private' | 'organization' };
  if (!row || !subject || !maySee(actor, subject))
    throw new Fault('connection.unknown', { detail: 'There is none with this id that you may see.' });
  if (!may(actor, permission, subject))
    throw new Fault('caller.forbidden', { detail: 'Only its creator (while Manager) or an Admin may do this.' });
  return row;
}
