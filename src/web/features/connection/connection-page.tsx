import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronLeft, Unplug } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import type { Connection } from '../../../contract/connections.ts';
import { buttonLook } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useTitle } from '../../ui/page-head.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useEngines } from '../databases/engine-mark.tsx';
import { useDbConnection } from '../databases/use-db-connections-store.ts';
import { ConnectionHead } from './connection-head.tsx';
import { OverviewTab } from './overview-tab.tsx';

const SchemaTab = lazy(async () => ({ default: (await import('./schema-tab.tsx')).SchemaTab }));
const QuestionTab = lazy(async () => ({ default: (await import('./question-tab.tsx')).QuestionTab }));
const QueryTab = lazy(async () => ({ default: (await import('../query/query-tab.tsx')).QueryTab }));
const AccessTab = lazy(async () => ({ default: (await import('./access-tab.tsx')).AccessTab }));
const RunsTab = lazy(async () => ({ default: (await import('./runs-tab.tsx')).RunsTab }));
const SettingsTab = lazy(async () => ({ default: (await import('./settings-tab.tsx')).SettingsTab }));
const EditConnectionModal = lazy(async () => ({
  default: (await import('../registration/edit-connection-modal.tsx')).EditConnectionModal,
}));

const route = getRouteApi('/app/databases/$connectionId');

type Tab = 'overview' | 'schema' | 'ask' | 'query' | 'access' | 'runs' | 'settings';
const tabs: readonly { tab: Tab; label: string; manage?: true }[] = [
  { tab: 'overview', label: 'Overview' },
  { tab: 'schema', label: 'Schema' },
  { tab: 'ask', label: 'Ask' },
  { tab: 'query', label: 'Query' },
  { tab: 'access', label: 'Access' },
  { tab: 'runs', label: 'Runs' },
  { tab: 'settings', label: 'Settings', manage: true },
];

function TabLinks({ connection, current }: { connection: Connection; current: Tab }) {
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the current one may lie outside.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another place
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <nav ref={bar} aria-label={`Parts of ${connection.name}`} className="-mx-4 mb-6 overflow-x-auto border-b px-4 sm:mx-0 sm:px-0">
      <ul className="flex gap-1">
        {tabs
          .filter(({ manage }) => !manage || connection.mayManage)
          .map(({ tab, label }) => (
            <li key={tab}>
              <Link
                from="/databases/$connectionId"
                to="."
                search={(before) => ({ ...before, tab })}
                aria-current={tab === current ? 'page' : undefined}
                className="-mb-px block border-b-2 border-transparent px-3 py-2 whitespace-nowrap text-muted hover:text-text aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-text"
              >
                {label}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className="space-y-4">
      <Skeleton className="h-24" />
      <Skeleton className="h-64" />
    </div>
  );
}

function Page({ connection, tab }: { connection: Connection; tab: Tab }) {
  const { edit } = route.useSearch();
  const navigate = route.useNavigate();
  const engine = useEngines().find(({ id }) => id === connection.dbType);
  useTitle(connection.name);
  const parts: Record<Tab, ReactNode> = {
    overview: <OverviewTab connection={connection} />,
    schema: <SchemaTab connection={connection} />,
    ask: <QuestionTab connection={connection} />,
    query: <QueryTab connection={connection} />,
    access: <AccessTab connection={connection} />,
    runs: <RunsTab connection={connection} />,
    settings: connection.mayManage ? <SettingsTab connection={connection} /> : <OverviewTab connection={connection} />,
  };
  return (
    <>
      <ConnectionHead connection={connection} />
      <TabLinks connection={connection} current={tab} />
      <Suspense fallback={<Loading />}>{parts[tab]}</Suspense>
      <Suspense>
        {edit && engine && connection.mayManage && (
          <EditConnectionModal
            connection={connection}
            engine={engine}
            onClose={() => void navigate({ search: (before) => ({ ...before, edit: undefined }) })}
          />
        )}
      </Suspense>
    </>
  );
}

/** A connection with its parts; which part is shown stands in the address. */
export function ConnectionPage() {
  const { connectionId } = route.useParams();
  const { tab = 'overview' } = route.useSearch();
  const { data: connection, error, refetch } = useDbConnection(connectionId);
  const gone = error instanceof ProblemError && (error.code === 'connection.unknown' || error.code === 'request.invalid');
  return (
    <>
      <Link to="/databases" className="mb-3 inline-flex items-center gap-1 rounded-sm text-muted hover:text-text">
        <ChevronLeft aria-hidden className="size-4" />
        Databases
      </Link>
      {gone ? (
        <EmptyState
          icon={<Unplug />}
          heading="h1"
          title="There is no such connection"
          action={
            <Link to="/databases" className={buttonLook('primary')}>
              To the databases
            </Link>
          }
        >
          It was deleted, or it is not shared with you.
        </EmptyState>
      ) : (
        <>
          {error && (
            <div className="mb-4">
              <ErrorPanel error={error} retry={() => void refetch()} />
            </div>
          )}
          {connection ? <Page key={connection.id} connection={connection} tab={tab} /> : !error && <Loading />}
        </>
      )}
    </>
  );
}
