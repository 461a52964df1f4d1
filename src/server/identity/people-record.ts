import type { Actor } from '../platform/actor.ts';
import type { Database } from '../platform/database.ts';

/** A change of people, keys or organisations, as the record keeps it. No token, no key, no password is ever part of it. */
export interface PeopleEntry {
  readonly organizationId: string;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly via: Actor['via'];
  readonly action:
    | 'organization.created'
    | 'organization.renamed'
    | 'member.invited'
    | 'member.joined'
    | 'member.changed'
    | 'member.removed'
    | 'link.created'
    | 'password.replaced'
    | 'key.created'
    | 'key.revoked';
  readonly subject: 'organization' | 'member' | 'invitation' | 'key';
  readonly subjectId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Keeps an entry in the transaction of the change it tells of. */
export type RecordPeople = (trx: Database, entry: PeopleEntry) => Promise<void>;

/** Who did it, for an entry. */
export const doneBy = (actor: Actor): Pick<PeopleEntry, 'organizationId' | 'actorId' | 'actorName' | 'via'> => ({
  organizationId: actor.organizationId,
  actorId: actor.userId,
  actorName: actor.name,
  via: actor.via,
});
