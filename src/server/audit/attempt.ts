import { newId, now } from '../platform/clock.ts';
import type { Json, RecordContent } from '../platform/record-hash.ts';
import { plain, type RecordActor } from './record.ts';

/** An attempt to run a statement, before anything of it is run. */
export interface NewAttempt {
  readonly organizationId: string;
  readonly actor: RecordActor;
  readonly action: 'query.run';
  readonly connection: { readonly id: string; readonly name: string };
  /** As it was given; what was sent may differ in writing, never in meaning. */
  readonly sql: string;
  readonly parameters: readonly Json[];
  readonly fingerprint: string | null;
  readonly verdict: 'allowed' | 'refused';
  readonly rule: string | null;
  readonly slot: string;
  readonly reason: string | null;
}

/** How an attempt ended. */
export interface Settlement {
  readonly outcome: 'done' | 'refused' | 'failed' | 'cancelled' | 'unknown';
  readonly fault: string | null;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly ms: number | null;
}

/** What the first of the two records of an attempt says. */
export function begunContent(attempt: NewAttempt): RecordContent {
  const { actor, connection } = attempt;
  const parameters = attempt.parameters.map((value) => (typeof value === 'string' ? plain(value) : value));
  return {
    id: newId(),
    organizationId: attempt.organizationId,
    at: now(),
    kind: 'begun',
    attempt: null,
    actorId: actor.id,
    actorName: plain(actor.name),
    via: actor.via,
    action: attempt.action,
    subject: 'connection',
    subjectId: connection.id,
    outcome: 'pending',
    detail: {
      name: plain(connection.name),
      sql: attempt.sql.toWellFormed(),
      fingerprint: attempt.fingerprint,
      verdict: attempt.verdict,
      rule: attempt.rule,
      slot: attempt.slot,
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(attempt.reason === null ? {} : { reason: plain(attempt.reason) }),
    },
  };
}

/** What of a begun attempt its settlement repeats. */
export type Begun = Pick<RecordContent, 'id' | 'organizationId' | 'actorId' | 'actorName' | 'via' | 'action' | 'subject' | 'subjectId'>;

/** What the second record says: it repeats who and what, so that each stands on its own. */
export function settledContent(begun: Begun, { outcome, fault, rows, bytes, ms }: Settlement): RecordContent {
  const { id, organizationId, actorId, actorName, via, action, subject, subjectId } = begun;
  const about = {
    id: newId(),
    organizationId,
    at: now(),
    kind: 'settled',
    attempt: id,
    actorId,
    actorName,
    via,
    action,
    subject,
    subjectId,
  };
  return { ...about, outcome, detail: { fault, rows, bytes, ms } };
}
