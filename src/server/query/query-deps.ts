import type { Permission } from '../../contract/permissions.ts';
import type { NewAttempt, OpenAttempt } from '../audit/audit.ts';
import type { ConnectionRow, LentSession, Loan } from '../connections/connections.ts';
import type { PublishedCatalog } from '../engines/guard.ts';
import type { Actor } from '../platform/actor.ts';
import type { Log } from '../platform/log.ts';
import type { AnswerRoom } from './answer-room.ts';
import type { StatementGuard } from './guard-pool.ts';
import type { PersonSeats } from './person-seats.ts';

/** What the use cases of this feature stand on; the composition root hands it in. */
export interface QueryDeps {
  readonly log: Log;
  /** The connection, if the actor may do this with it: 404 when they may not see it, 403 when they may only see it. */
  readonly requireConnection: (actor: Actor, id: string, permission: Permission) => Promise<ConnectionRow>;
  /** Lends a session of the pool for the time that `work` takes. */
  readonly withSession: <T>(connectionId: string, loan: Loan, work: (lent: LentSession) => Promise<T>) => Promise<T>;
  /** What statements may read, of one snapshot. */
  readonly published: (connectionId: string, snapshot: number) => Promise<PublishedCatalog>;
  /** Has the schema read again, at most once a minute; says whether it is being read. */
  readonly reread: (actor: Actor, connection: ConnectionRow) => Promise<boolean>;
  /** Puts the beginning of an attempt on record. */
  readonly begin: (attempt: NewAttempt) => OpenAttempt;
  readonly guard: StatementGuard;
  /** The memory that answers may hold; the usual one where left out. */
  readonly room?: AnswerRoom;
}

/** The same, with what lives as long as the process. */
export interface QueryContext extends QueryDeps {
  readonly room: AnswerRoom;
  readonly seats: PersonSeats;
  /** Judging alone takes a worker too. */
  readonly checks: PersonSeats;
}

/** Whoever waits for an answer. */
export interface Caller {
  /** Aborted when they go away. */
  readonly signal: AbortSignal;
  /** Settles when the answer is out, or nobody reads it any more: until then it counts among what they do at once. Left out: with the answer itself. */
  readonly sent?: Promise<void>;
}
