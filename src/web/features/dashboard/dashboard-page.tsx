import { Link, useNavigate } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { count } from '../../ui/when.tsx';
import { QuestionBox } from '../ask/question-box.tsx';
import { HealthBadge, StatusBadge } from '../databases/badges.tsx';
import { EngineMark } from '../databases/engine-mark.tsx';
import { SchemaIngestionStatus } from '../databases/schema-ingestion-status.tsx';
import { isReady, useDbConnectionsStore } from '../databases/use-db-connections-store.ts';
import { isSearchable } from '../databases/words.tsx';
import { useMe } from '../shell/me.ts';
import { NextSteps } from './next-steps.tsx';

function Figure({ name, value, children }: { name: string; value: number; children?: ReactNode }) {
  return (
    <div className="min-w-0 p-4">
      <dt className="text-muted">{name}</dt>
      <dd>
        <span className="text-xl font-semibold">{count(value)}</span>
        {children && <span className="ml-2 text-xs text-muted">{children}</span>}
      </dd>
    </div>
  );
}

function Line({ connection }: { connection: Connection }) {
  return (
    <li className="p-4">
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        <EngineMark dbType={connection.dbType} />
        <Link
          to="/databases/$connectionId"
          params={{ connectionId: connection.id }}
          className="min-w-0 flex-1 basis-40 truncate rounded-sm font-medium hover:underline"
        >
          {connection.name}
        </Link>
        <StatusBadge connection={connection} />
        {connection.health.state !== 'healthy' && connection.health.state !== 'unknown' && <HealthBadge connection={connection} />}
      </div>
      <SchemaIngestionStatus connection={connection} />
    </li>
  );
}

function Lines({ title, connections, none }: { title: string; connections: readonly Connection[]; none: string }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-2 font-semibold">{title}</h2>
      {connections.length === 0 ? (
        <p className="card flex items-center gap-2 p-4 text-muted">
          <CircleCheck aria-hidden className="size-4 text-ok" />
          {none}
        </p>
      ) : (
        <ul className="card divide-y">
          {connections.map((connection) => (
            <Line key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** How things stand: what there is, what is being read, what needs a person, and what to do next. */
export function DashboardPage() {
  const me = useMe();
  const store = useDbConnectionsStore();
  const navigate = useNavigate();
  const { connections, beingRead, needAttention } = store;
  const sum = (of: (connection: Connection) => number) => connections.reduce((total, connection) => total + of(connection), 0);
  const ready = connections.filter(isReady).length;
  const reading = beingRead.filter((connection) => !needAttention.includes(connection));
  return (
    <>
      <PageHead title="Dashboard">How the databases of {me.organization.name} stand.</PageHead>
      {store.error && (
        <div className="mb-4">
          <ErrorPanel error={store.error} retry={store.refresh} />
        </div>
      )}
      {store.isLoading ? (
        <div role="status" aria-label="Loading" className="space-y-6">
          <Skeleton className="h-20" />
          <Skeleton className="h-40" />
        </div>
      ) : (
        <div className="space-y-8">
          {connections.some(isSearchable) && (
            <QuestionBox label="Ask a question" asked="" busy={false} onAsk={(q) => void navigate({ to: '/ask', search: { q } })} />
          )}
          <dl className="card grid grid-cols-2 divide-line max-lg:[&>div:nth-child(n+3)]:border-t max-lg:[&>div:nth-child(2n)]:border-l lg:grid-cols-4 lg:divide-x">
            <Figure name="Databases" value={connections.length}>
              {connections.length > 0 && `${count(ready)} ready`}
            </Figure>
            <Figure name="Tables" value={sum(({ tables }) => tables)} />
            <Figure name="Columns" value={sum(({ columns }) => columns)} />
            <Figure name="Need attention" value={needAttention.length} />
          </dl>
          <NextSteps connections={connections} />
          {connections.length > 0 && (
            <div className="grid gap-8 xl:grid-cols-2">
              <Lines title="Being read" connections={reading} none="Nothing is being read just now." />
              <Lines title="Needs attention" connections={needAttention} none="Nothing failed, and nothing waits for you." />
            </div>
          )}
        </div>
      )}
    </>
  );
}
