import { CircleAlert, PauseCircle } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { Progress } from '../../ui/progress.tsx';
import { count, sayDuration, useNow } from '../../ui/when.tsx';
import { phaseOf, progressOf, shareOf } from './ingestion-words.ts';
import { isBeingRead, useConnectionActions } from './use-db-connections-store.ts';

const AcceptLoss = lazy(async () => ({ default: (await import('./accept-loss.tsx')).AcceptLoss }));
const failed = (error: unknown) => notify(explain(error).detail, 'danger');

function Running({ connection, ingestion }: { connection: Connection; ingestion: NonNullable<Connection['ingestion']> }) {
  const { cancelRun } = useConnectionActions(connection.id);
  const now = useNow(1_000);
  const words = progressOf(ingestion);
  return (
    <div>
      <div className="mb-1.5 flex min-h-7 items-center justify-between gap-2">
        {/* Said aloud is what it does; the figures, which change by the second, are only shown. */}
        <span role="status" className="sr-only">
          {phaseOf(ingestion)}
        </span>
        <span aria-hidden className="min-w-0">
          {words}
        </span>
        <span className="flex shrink-0 items-center gap-2 text-xs text-muted">
          {ingestion.startedAt && (
            <span aria-hidden className="hidden sm:inline">
              {sayDuration(Math.max(1_000, now - Date.parse(ingestion.startedAt)))}
            </span>
          )}
          {connection.mayManage && (
            <Button
              size="small"
              look="quiet"
              busy={cancelRun.isPending}
              onClick={() => cancelRun.mutate(ingestion.runId, { onError: failed })}
              aria-label={`Cancel reading ${connection.name}`}
            >
              Cancel
            </Button>
          )}
        </span>
      </div>
      <Progress label={words} {...shareOf(ingestion)} />
      {ingestion.phase === 'embed' && (
        <p className="mt-1.5 text-xs text-muted">
          It can be asked already, by words; tables that are near in meaning come up when this is done.
        </p>
      )}
    </div>
  );
}

function Held({
  connection,
  ingestion,
  held,
}: {
  connection: Connection;
  ingestion: NonNullable<Connection['ingestion']>;
  held: NonNullable<NonNullable<Connection['ingestion']>['held']>;
}) {
  const { cancelRun } = useConnectionActions(connection.id);
  const [asking, setAsking] = useState(false);
  const lost = held.before - held.after;
  return (
    <div className="rounded-md bg-warn-soft p-3">
      <p className="flex items-start gap-2">
        <PauseCircle aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
        <span>
          {count(lost)} of {count(held.before)} tables are not visible any more. Until you decide, the last good reading stays in use.
        </span>
      </p>
      {connection.mayManage && (
        <div className="mt-2 flex flex-wrap gap-2 pl-6">
          <Button size="small" onClick={() => setAsking(true)}>
            Accept the loss…
          </Button>
          <Button size="small" busy={cancelRun.isPending} onClick={() => cancelRun.mutate(ingestion.runId, { onError: failed })}>
            Keep the last reading
          </Button>
        </div>
      )}
      <Suspense>
        {asking && <AcceptLoss connection={connection} runId={ingestion.runId} held={held} onClose={() => setAsking(false)} />}
      </Suspense>
    </div>
  );
}

/** How the reading of the schema goes: live, with what can be done about it; nothing when there is nothing to say. */
export function SchemaIngestionStatus({ connection }: { connection: Connection }) {
  const { ingestion } = connection;
  const { readAgain } = useConnectionActions(connection.id);
  if (!ingestion || !connection.isActive) return null;
  if (isBeingRead(connection)) return <Running connection={connection} ingestion={ingestion} />;
  if (ingestion.state === 'held' && ingestion.held) return <Held connection={connection} ingestion={ingestion} held={ingestion.held} />;
  const stopped = ingestion.state === 'failed' || (ingestion.state === 'cancelled' && connection.status !== 'ready');
  if (!stopped) return null;
  return (
    <div className="rounded-md bg-danger-soft p-3">
      <p className="flex items-start gap-2">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        <span className="min-w-0 break-words">
          {ingestion.error?.message ?? 'The reading was cancelled.'} {ingestion.error?.hint}
        </span>
      </p>
      {connection.mayManage && (
        <Button
          size="small"
          className="mt-2 ml-6"
          busy={readAgain.isPending}
          onClick={() => readAgain.mutate(undefined, { onError: failed })}
        >
          Read again
        </Button>
      )}
    </div>
  );
}
