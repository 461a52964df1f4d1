import { getRouteApi } from '@tanstack/react-router';
import { Rows3, SquareTerminal } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import type { SqlStyle } from '../../../contract/engines.ts';
import { queryLimits } from '../../../contract/limits.ts';
import { client, queryClient } from '../../api.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { splitName } from '../connection/table-name.ts';
import { useEngines } from '../databases/engine-mark.tsx';
import { isSearchable } from '../databases/words.tsx';
import { useMe } from '../shell/me.ts';
import { OutcomePane } from './outcome-pane.tsx';
import { type Outcome, useQuerySession } from './query-session.ts';
import { RunBar } from './run-bar.tsx';
import { writeSelect } from './write-select.ts';

const SqlEditor = lazy(async () => ({ default: (await import('./sql-editor.tsx')).SqlEditor }));
const route = getRouteApi('/app/databases/$connectionId');

/** A link from a table begins a statement that reads it; the address forgets it then, so that what is written stays. */
function useBeginning(connectionId: string, style: SqlStyle, write: (text: string) => void): void {
  const { from } = route.useSearch();
  const navigate = route.useNavigate();
  // biome-ignore lint/correctness/useExhaustiveDependencies: begun once for each table that the address names
  useEffect(() => {
    if (from === undefined) return;
    const { schema, table } = splitName(from);
    queryClient
      .fetchQuery({
        queryKey: ['table', connectionId, schema, table],
        queryFn: () => client.getTable({ params: { id: connectionId, schema, table } }),
        staleTime: 30_000,
      })
      .then((detail) => write(writeSelect(detail, style)))
      .catch((error) => notify(explain(error).detail, 'danger'))
      .finally(() => void navigate({ search: (before) => ({ ...before, from: undefined }), replace: true }));
  }, [from]);
}

const refusalIn = (outcome: Outcome | null) =>
  (outcome?.kind === 'refused' ? outcome.problem.refusal : outcome?.kind === 'verdict' ? outcome.verdict.refusal : null) ?? null;

function Workbench({ connection, style }: { connection: Connection; style: SqlStyle }) {
  const { id, name, lastReadAt } = connection;
  const session = useQuerySession(useMe().user.id, id);
  const { text, outcome, busy } = session;
  useBeginning(id, style, session.write);
  const stale = outcome !== null && outcome.sql !== text;
  return (
    <div className="space-y-4">
      <div className="space-y-3">
        <Suspense fallback={<Skeleton className="h-[150px]" />}>
          <SqlEditor
            connectionId={id}
            snapshot={lastReadAt}
            style={style}
            label={`SQL for ${name}`}
            text={text}
            refusal={busy ? null : refusalIn(outcome)}
            onText={session.write}
            onRun={session.run}
          />
        </Suspense>
        <RunBar
          busy={busy}
          maxRows={session.maxRows}
          mostRows={connection.limits.maxRows ?? queryLimits.mostRows}
          empty={text.trim() === ''}
          onRun={session.run}
          onCheck={session.check}
          onCancel={session.cancel}
          onMaxRows={session.limitRows}
        />
      </div>
      {outcome ? (
        <div className={busy ? 'opacity-60' : ''}>
          <OutcomePane connection={connection} outcome={outcome} stale={stale} />
        </div>
      ) : (
        <EmptyState icon={<Rows3 />} title="The answer comes here">
          One statement that reads. It is judged before it runs, runs read-only within limits, and is on record before its answer leaves.
        </EmptyState>
      )}
    </div>
  );
}

/** SQL for one connection: written, judged, run, and answered below. */
export function QueryTab({ connection }: { connection: Connection }) {
  const style = useEngines().find(({ id }) => id === connection.dbType)?.sql;
  if (isSearchable(connection) && connection.lastReadAt)
    return style ? <Workbench connection={connection} style={style} /> : <Skeleton className="h-[150px]" />;
  return (
    <EmptyState
      icon={<SquareTerminal />}
      title={connection.isActive ? 'It can be queried as soon as its schema is read' : 'A disabled connection cannot be queried'}
    >
      {connection.isActive ? 'How far the reading is stands above.' : 'Whoever manages it can enable it again.'}
    </EmptyState>
  );
}
