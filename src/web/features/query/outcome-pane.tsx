import { Ban, Rows3 } from 'lucide-react';
import { ProblemError } from '../../../contract/client.ts';
import type { Connection } from '../../../contract/connections.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { sayDuration } from '../../ui/when.tsx';
import { EntryLink } from './entry-link.tsx';
import type { Outcome } from './query-session.ts';
import { ResultGrid } from './result-grid.tsx';
import { ResultHead } from './result-head.tsx';
import { AllowedPanel, RefusedPanel } from './verdict-panel.tsx';

interface Props {
  connection: Connection;
  outcome: Outcome;
  /** Whether the text has been changed since. */
  stale: boolean;
}

/** What became of the last statement. */
export function OutcomePane({ connection, outcome, stale }: Props) {
  switch (outcome.kind) {
    case 'rows':
      return (
        <section aria-label="Result" className="space-y-3">
          <ResultHead result={outcome.result} name={connection.name} />
          {outcome.result.rows.length > 0 ? (
            <ResultGrid key={outcome.result.entryId} result={outcome.result} label={`Rows of ${connection.name}`} />
          ) : (
            <EmptyState icon={<Rows3 />} title="No row fits">
              The statement ran, and what it asks for is not there.
            </EmptyState>
          )}
        </section>
      );
    case 'verdict':
      return outcome.verdict.allowed ? (
        <AllowedPanel verdict={outcome.verdict} />
      ) : (
        <RefusedPanel refusal={outcome.verdict.refusal} problem={null} sql={outcome.sql} stale={stale} />
      );
    case 'refused':
      return (
        <RefusedPanel refusal={outcome.problem.refusal ?? null} problem={outcome.problem} sql={outcome.sql} stale={stale}>
          <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            It was not sent to the database. That it was tried is on record.{' '}
            {outcome.problem.entryId && <EntryLink id={outcome.problem.entryId} />}
          </p>
        </RefusedPanel>
      );
    case 'failed':
      return (
        <ErrorPanel error={outcome.error}>
          {outcome.error instanceof ProblemError && outcome.error.problem.entryId && (
            <p className="mt-2">
              <EntryLink id={outcome.error.problem.entryId} />
            </p>
          )}
        </ErrorPanel>
      );
    case 'cancelled':
      return (
        <p role="status" className="flex items-center gap-2 rounded-lg border bg-sunken p-4">
          <Ban aria-hidden className="size-4 text-muted" />
          Cancelled after {sayDuration(outcome.ms)}. The database was told to stop.
        </p>
      );
  }
}
