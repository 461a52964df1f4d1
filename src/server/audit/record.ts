import { newId, now } from '../platform/clock.ts';
import type { Json, RecordContent } from '../platform/record-hash.ts';

/** Everything that is kept on record, by name. */
export type RecordAction =
  | `connection.${'tested' | 'registered' | 'edited' | 'disabled' | 'enabled' | 'deleted' | 'alerted' | 'confirmed'}`
  | `credential.${'replaced' | 'deleted'}`
  | `ingestion.${'requested' | 'started' | 'held' | 'accepted' | 'cancelled' | 'finished'}`
  | `organization.${'created' | 'renamed'}`
  | `member.${'invited' | 'joined' | 'changed' | 'removed'}`
  | `key.${'created' | 'revoked'}`
  | `password.${'linked' | 'replaced'}`
  | 'audit.exported'
  | `vault.${'rotating' | 'rotated'}`;

/** A fact of a record: plain values alone, so that nothing of a larger object slips in. */
export type Fact = string | number | boolean | null;

/** Who did it, through which door. */
export interface RecordActor {
  readonly id: string | null;
  readonly name: string;
  readonly via: 'web' | 'key' | 'cli' | 'system';
}

/** A record to be kept. No secret is ever part of it. */
export interface NewRecord {
  readonly organizationId: string;
  readonly actor: RecordActor;
  readonly action: RecordAction;
  readonly subject: string;
  readonly subjectId: string | null;
  readonly outcome: 'done' | 'passed' | 'failed';
  readonly detail: Readonly<Record<string, Fact>>;
}

const LONGEST = 500;

/** Text as a record keeps it: short, one line, nothing that hides or reorders what is read. */
export const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .slice(0, LONGEST)
    .toWellFormed();

/** A fact as it is kept. What is not plain is refused here too, since a type does not stop a value that was cast. */
function kept(name: string, value: unknown): Fact {
  if (typeof value === 'string') return plain(value);
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value as Fact;
  throw new TypeError(`the fact ${name} of a record must be a plain value`);
}

/** What the record of a deed says. */
export function deedContent(entry: NewRecord): RecordContent {
  const detail: Record<string, Json> = {};
  for (const [name, value] of Object.entries(entry.detail)) detail[name] = kept(name, value);
  return {
    id: newId(),
    organizationId: entry.organizationId,
    at: now(),
    kind: 'deed',
    attempt: null,
    actorId: entry.actor.id,
    actorName: plain(entry.actor.name),
    via: entry.actor.via,
    action: entry.action,
    subject: entry.subject,
    subjectId: entry.subjectId,
    outcome: entry.outcome,
    detail,
  };
}
