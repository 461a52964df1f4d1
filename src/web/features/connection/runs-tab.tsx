import { getRouteApi } from '@tanstack/react-router';
import { Ban, ChevronRight, CircleAlert, CircleCheck, Clock, History, PauseCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Connection, IngestionRun } from '../../../contract/connections.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { count, counted, sayDuration, useNow, When } from '../../ui/when.tsx';
import { progressOf } from '../databases/ingestion-words.ts';
import { useRuns } from './catalog-queries.ts';
import { RunLog } from './run-log.tsx';

const route = getRouteApi('/app/databases/$connectionId');

const states: Record<IngestionRun['state'], { tone: Tone; word: string; icon: ReactNode }> = {
  queued: { tone: 'neutral', word: 'Waiting', icon: <Clock aria-hidden /> },
  running: { tone: 'info', word: 'Under way', icon: <Spinner /> },
  held: { tone: 'warn', word: 'Held', icon: <PauseCircle aria-hidden /> },
  succeeded: { tone: 'ok', word: 'Done', icon: <CircleCheck aria-hidden /> },
  failed: { tone: 'danger', word: 'Failed', icon: <CircleAlert aria-hidden /> },
  cancelled: { tone: 'neutral', word: 'Cancelled', icon: <Ban aria-hidden /> },
};
const causes: Record<IngestionRun['cause'], string> = {
  registered: 'Registered',
  asked: 'Asked for',
  scheduled: 'By schedule',
  edited: 'Edited',
  enabled: 'Enabled',
};

function outcome(run: IngestionRun): string {
  if (run.state === 'running' || run.state === 'queued') return progressOf(run);
  if (run.error) return run.error.message;
  if (run.held) return `${count(run.held.before - run.held.after)} of ${count(run.held.before)} tables were gone`;
  const { changes } = run;
  if (!changes) return run.state === 'cancelled' ? 'Stopped; nothing of it is kept' : '';
  const parts = [
    changes.appeared && `${counted(changes.appeared, 'table')} appeared`,
    changes.changed && `${count(changes.changed)} changed`,
    changes.vanished && `${count(changes.vanished)} vanished`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'Nothing was different';
}

function Took({ run }: { run: IngestionRun }) {
  const now = useNow(run.finishedAt ? 60_000 : 1_000);
  if (!run.startedAt) return null;
  return <>{sayDuration(Math.max(0, (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt)))}</>;
}

/** Every reading of the schema: how it went, and its log one click further. */
export function RunsTab({ connection }: { connection: Connection }) {
  const { run: open } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useRuns(connection.id);
  if (error && !data) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows label="Loading the runs" />;
  if (data.items.length === 0) {
    return (
      <EmptyState icon={<History />} title="No run yet">
        Each reading of the schema is listed here with its log.
      </EmptyState>
    );
  }
  return (
    <ul className="card divide-y">
      {data.items.map((run) => {
        const { tone, word, icon } = states[run.state];
        const isOpen = run.id === open;
        return (
          <li key={run.id}>
            <button
              type="button"
              aria-expanded={isOpen}
              aria-controls={`run-${run.id}`}
              onClick={() => void navigate({ search: (before) => ({ ...before, run: isOpen ? undefined : run.id }), replace: true })}
              className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-3 text-left hover:bg-hover sm:grid-cols-[auto_7rem_9rem_minmax(0,1fr)_auto]"
            >
              <ChevronRight aria-hidden className={`size-4 text-muted transition-transform ${isOpen ? 'rotate-90' : ''}`} />
              <span>
                <Badge tone={tone} icon={icon}>
                  {word}
                </Badge>
              </span>
              <span className="text-right text-muted sm:text-left">
                <When at={run.createdAt} />
              </span>
              <span className="col-span-2 col-start-2 min-w-0 truncate sm:col-span-1 sm:col-start-auto">{outcome(run)}</span>
              <span className="col-start-2 text-xs text-muted sm:col-start-auto sm:text-right">
                {causes[run.cause]}
                {run.attempt > 1 && `, attempt ${run.attempt}`} · <Took run={run} />
              </span>
            </button>
            {isOpen && (
              <div id={`run-${run.id}`} className="border-t bg-sunken px-4 py-3">
                <RunLog connection={connection} runId={run.id} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
