import type { Actor } from '../platform/actor.ts';
import type { Database } from '../platform/database.ts';

/** A change of people, keys or organisations, as the record keeps it. No token, no key, no password is ever part of it. */
export interface PeopleEntry {
  readonly organizationId: string;
  readonly actor: { readonly id: string | null; readonly name: string; readonly via: Actor['via'] };
  readonly action:
    | 'organization.created'
    | 'organization.renamed'
    | 'member.invited'
    | 'member.joined'
    | 'member.changed'
    | 'member.removed'
    | 'password.linked'
    | 'password.replaced'
    | 'key.created'
    | 'key.revoked';
  readonly subject: 'organization' | 'member' | 'invitation' | 'key';
  readonly subjectId: string | null;
  readonly outcome: 'done';
  readonly detail: Readonly<Record<string, string | null>>;
}

/** Keeps an entry in the transaction of the change it tells of. */
export type RecordPeople = (trx: Database, entry: PeopleEntry) => Promise<void>;

/** The entry of something an actor did. */
export function entryOf(actor: Actor, about: Pick<PeopleEntry, 'action' | 'subject' | 'subjectId' | 'detail'>): PeopleEntry {
  return { organizationId: actor.organizationId, actor: { id: actor.userId, name: actor.name, via: actor.via }, outcome: 'done', ...about };
}

/** Whoever runs the server itself, without an account. */
export const operator: PeopleEntry['actor'] = { id: null, name: 'operator of the server', via: 'system' };
