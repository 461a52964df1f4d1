import { useNavigate } from '@tanstack/react-router';
import { Ban, Ellipsis, Pencil, Play, RefreshCw } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { notify } from '../../ui/notices.tsx';
import { When } from '../../ui/when.tsx';
import { EnvironmentBadge, PrivilegeBadge, StatusBadge, VisibilityBadge } from '../databases/badges.tsx';
import { EngineMark, useEngines } from '../databases/engine-mark.tsx';
import { SchemaIngestionStatus } from '../databases/schema-ingestion-status.tsx';
import { isBeingRead, useConnectionActions } from '../databases/use-db-connections-store.ts';
import { healthOf, purposes, whereOf } from '../databases/words.tsx';
import { ConnectionAlerts } from './connection-alerts.tsx';
import { HealthNotice } from './health-notice.tsx';

const DisableDialog = lazy(async () => ({ default: (await import('./disable-dialog.tsx')).DisableDialog }));
const failed = (error: unknown) => notify(explain(error).detail, 'danger');

function Fact({ name, title, children }: { name: string; title?: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="truncate" title={title}>
        {children}
      </dd>
    </div>
  );
}

function Actions({ connection }: { connection: Connection }) {
  const navigate = useNavigate();
  const [disabling, setDisabling] = useState(false);
  const { readAgain, enable } = useConnectionActions(connection.id);
  const edit = () =>
    void navigate({
      to: '/databases/$connectionId',
      params: { connectionId: connection.id },
      search: (before) => ({ ...before, edit: true }),
    });
  const entries: MenuEntry[] = [{ kind: 'action', label: 'Edit…', icon: <Pencil aria-hidden />, act: edit }];
  if (connection.isActive)
    entries.push({ kind: 'action', label: 'Disable…', icon: <Ban aria-hidden />, danger: true, act: () => setDisabling(true) });
  return (
    <div className="flex items-center gap-2">
      {connection.isActive ? (
        <Button
          icon={<RefreshCw aria-hidden className="size-4" />}
          busy={readAgain.isPending}
          disabled={isBeingRead(connection)}
          onClick={() => readAgain.mutate(undefined, { onError: failed })}
        >
          Read again
        </Button>
      ) : (
        <Button
          look="primary"
          icon={<Play aria-hidden className="size-4" />}
          busy={enable.isPending}
          onClick={() => enable.mutate(undefined, { onError: failed })}
        >
          Enable
        </Button>
      )}
      <Menu label="More actions" entries={entries} trigger={<Button size="icon" icon={<Ellipsis aria-hidden className="size-4" />} />} />
      <Suspense>{disabling && <DisableDialog connection={connection} open onClose={() => setDisabling(false)} />}</Suspense>
    </div>
  );
}

/** What it is and how it is, above every part of a connection's page. */
export function ConnectionHead({ connection }: { connection: Connection }) {
  const engine = useEngines().find(({ id }) => id === connection.dbType);
  const health = healthOf(connection);
  const { server, usernames } = connection;
  const where = whereOf(connection, engine);
  const product = server ? `${server.product} ${server.version}${server.replica ? ' (replica)' : ''}` : 'Not known yet';
  return (
    <header className="mb-5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <EngineMark dbType={connection.dbType} size="large" />
        <div className="min-w-0 flex-1 basis-60">
          <h1 className="text-lg font-semibold break-words">{connection.name}</h1>
          <div className="mt-1.5 flex flex-wrap gap-1.5">
            <EnvironmentBadge environment={connection.environment} />
            <StatusBadge connection={connection} />
            <PrivilegeBadge connection={connection} always />
            <VisibilityBadge visibility={connection.visibility} />
          </div>
        </div>
        {connection.mayManage && <Actions connection={connection} />}
      </div>
      <ConnectionAlerts connection={connection} />
      <HealthNotice connection={connection} />
      <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 xl:grid-cols-5">
        <Fact name="Health">
          <span className="flex items-center gap-1.5 [&>svg]:size-3.5 [&>svg]:shrink-0">
            {health.icon}
            <span className="min-w-0 whitespace-normal">
              {health.word}
              {connection.health.since && (
                <span className="text-muted">
                  {' '}
                  · <When at={connection.health.since} />
                </span>
              )}
            </span>
          </span>
        </Fact>
        <Fact name="Where" title={where}>
          {where}
        </Fact>
        <Fact name="Server" title={product}>
          {product}
        </Fact>
        {engine?.credentials.length !== 0 && <Fact name="Signs in as">{usernames.readOnly ?? 'nobody'}</Fact>}
        <Fact name="Purpose">{connection.purpose ? purposes[connection.purpose] : 'Not said'}</Fact>
      </dl>
      {!connection.isActive && (
        <p className="mt-4 rounded-md bg-sunken p-3">Disabled{connection.disabledReason ? `: ${connection.disabledReason}` : '.'}</p>
      )}
      <div className="mt-4 max-w-2xl empty:hidden">
        <SchemaIngestionStatus connection={connection} />
      </div>
    </header>
  );
}
