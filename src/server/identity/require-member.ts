import type { Member } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { findMember, hasOtherAdmin } from './member-store.ts';

/** The member of the actor's organisation, or member.unknown. */
export async function requireMember(db: Database, actor: Actor, id: string): Promise<Member> {
  const member = await findMember(db, actor.organizationId, id);
  if (!member) throw new Fault('member.unknown', { detail: 'They may have been removed already.' });
  return member;
}

/** Refuses when the organisation would be left without an Admin. Called under the organisation's lock. */
export async function keepAnAdmin(trx: Database, actor: Actor, member: Member): Promise<void> {
  if (member.role !== 'admin' || (await hasOtherAdmin(trx, actor.organizationId, member.id))) return;
  throw new Fault('member.last', { detail: 'Make somebody else an Admin first.' });
}
