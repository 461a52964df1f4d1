import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel, explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { Progress } from '../../ui/progress.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { progressOf, shareOf } from '../databases/ingestion-words.ts';
import { useConnectionActions } from '../databases/use-db-connections-store.ts';
import { useRun } from './catalog-queries.ts';

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** The log of a run, growing while it goes on. */
export function RunLog({ connection, runId }: { connection: Connection; runId: string }) {
  const { data: run, error, refetch } = useRun(connection.id, runId);
  const { cancelRun } = useConnectionActions(connection.id);
  if (error && !run) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (!run) return <Skeleton className="h-20" />;
  const goesOn = run.state === 'running' || run.state === 'queued';
  return (
    <div className="space-y-3">
      {goesOn && (
        <div className="flex items-center gap-3">
          <div className="flex-1">
            <Progress label={progressOf(run)} {...shareOf(run)} />
          </div>
          {connection.mayManage && (
            <Button
              size="small"
              busy={cancelRun.isPending}
              onClick={() => cancelRun.mutate(run.id, { onError: (cause) => notify(explain(cause).detail, 'danger') })}
            >
              Cancel
            </Button>
          )}
        </div>
      )}
      {run.error && (
        <p className="text-danger">
          {run.error.message} {run.error.hint} <code className="font-mono text-xs">{run.error.code}</code>
        </p>
      )}
      <ol aria-label="Log" aria-live={goesOn ? 'polite' : 'off'} className="max-h-80 space-y-0.5 overflow-y-auto font-mono text-xs">
        {run.log.map(({ at, phase, message }, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end
          <li key={line} className="grid grid-cols-[auto_minmax(0,1fr)] gap-3 sm:grid-cols-[auto_5.5rem_minmax(0,1fr)]">
            <time dateTime={at} className="text-muted">
              {time.format(new Date(at))}
            </time>
            <span className="hidden text-muted sm:inline">{phase}</span>
            <span className="break-words">
              <Untrusted text={message} />
            </span>
          </li>
        ))}
        {run.log.length === 0 && <li className="text-muted">Nothing is logged yet.</li>}
      </ol>
    </div>
  );
}
