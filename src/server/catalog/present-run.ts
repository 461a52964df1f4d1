import type { IngestionRun } from '../../contract/connections.ts';
import type { RunRow } from './run-store.ts';

/** Why a try ended, as the row keeps it: `tries` counts those that may be tried again. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly tries: number;
}

/** What a held run would lose. `vanished` is what is shown, `all` what a person accepts. */
export interface HeldLoss {
  readonly before: number;
  readonly after: number;
  readonly vanished: readonly string[];
  readonly all: readonly string[];
}

/** A JSON column of ours, parsed at the store's edge. */
export const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

/** A run as anyone who may see the connection sees it. */
export function presentRun(row: RunRow, log: readonly { at: string; phase: string; message: string }[]): IngestionRun {
  const error = parsed<RunFailure>(row.error);
  const held = parsed<HeldLoss>(row.held);
  return {
    id: row.id,
    connectionId: row.connection_id,
    cause: row.cause as IngestionRun['cause'],
    state: row.state as IngestionRun['state'],
    phase: row.phase as IngestionRun['phase'],
    done: row.done,
    total: row.total,
    attempt: row.attempt,
    error: error && { code: error.code as NonNullable<IngestionRun['error']>['code'], message: error.message, hint: error.hint },
    held: held && { before: held.before, after: held.after, vanished: [...held.vanished] },
    changes: parsed<IngestionRun['changes']>(row.changes),
    snapshot: row.snapshot,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    log: log.map((line) => ({ ...line, phase: line.phase as IngestionRun['phase'] })),
  };
}
