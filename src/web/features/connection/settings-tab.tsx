import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { Select } from '../../ui/select.tsx';
import { useEngines } from '../databases/engine-mark.tsx';
import { useConnectionActions } from '../databases/use-db-connections-store.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { DisableDialog } from './disable-dialog.tsx';
import { RotateCredentialDialog } from './rotate-credential-dialog.tsx';
import { RotateTunnelDialog } from './rotate-tunnel-dialog.tsx';
import { sshIn } from './way-in.ts';

const route = getRouteApi('/app/databases/$connectionId');
const paces: readonly [number, string][] = [
  [0, 'Only when asked'],
  [1, 'Every hour'],
  [6, 'Every 6 hours'],
  [24, 'Daily'],
  [168, 'Weekly'],
];
const failed = (error: unknown) => notify(explain(error).detail, 'danger');

function Row({ title, says, children }: { title: string; says: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 p-4">
      <div className="min-w-0 flex-1 basis-64">
        <h2 className="font-medium">{title}</h2>
        <p className="max-w-[64ch] text-muted">{says}</p>
      </div>
      {children}
    </div>
  );
}

/** What its maker and Admins may change. */
export function SettingsTab({ connection }: { connection: Connection }) {
  const navigate = route.useNavigate();
  const [dialog, setDialog] = useState<'rotate' | 'tunnel' | 'disable' | 'delete' | null>(null);
  const ssh = sshIn(connection);
  const engine = useEngines().find(({ id }) => id === connection.dbType);
  const { edit, enable } = useConnectionActions(connection.id);
  const { rescanHours } = connection.limits;
  const close = () => setDialog(null);
  const known = paces.some(([hours]) => hours === rescanHours);
  const setPace = (hours: number) =>
    edit.mutate({ limits: { rescanHours: hours } }, { onError: failed, onSuccess: () => notify('Changed.') });
  return (
    <div className="max-w-4xl space-y-6">
      <section className="card divide-y">
        <Row
          title="Details"
          says="Alias, purpose, what the data is for, environment, who may see it, where it is, and the limits of its answers."
        >
          <Button onClick={() => void navigate({ search: (before) => ({ ...before, edit: true }) })}>Edit…</Button>
        </Row>
        {engine?.credentials.length !== 0 && (
          <Row
            title="Credential"
            says={
              connection.usernames.readOnly
                ? `Signs in as ${connection.usernames.readOnly}. A new one is tested before it replaces this one.`
                : 'None is stored: nothing can be asked.'
            }
          >
            <Button onClick={() => setDialog('rotate')}>Replace…</Button>
          </Row>
        )}
        {ssh && (
          <Row
            title="SSH tunnel"
            says={
              connection.usernames.tunnel
                ? `Reached as ${ssh.user} over ${ssh.host}:${ssh.port}. A new login is tested before it replaces this one.`
                : `Reached over ${ssh.host}:${ssh.port}, for which no login is stored: nothing can be asked.`
            }
          >
            <Button onClick={() => setDialog('tunnel')}>Replace…</Button>
          </Row>
        )}
        <Row
          title="Read the schema again"
          says="New and changed tables are found by then; it is also read when a statement names a table that is not known."
        >
          <Select
            aria-label="How often the schema is read again"
            className="w-44"
            value={rescanHours}
            disabled={edit.isPending}
            onChange={(event) => setPace(Number(event.target.value))}
          >
            {!known && <option value={rescanHours}>Every {rescanHours} hours</option>}
            {paces.map(([hours, label]) => (
              <option key={hours} value={hours}>
                {label}
              </option>
            ))}
          </Select>
        </Row>
      </section>
      <section aria-label="Ending its use" className="card divide-y">
        {connection.isActive ? (
          <Row title="Disable" says="Stops every use at once. Schema and credential are kept, and it can be enabled again.">
            <Button onClick={() => setDialog('disable')}>Disable…</Button>
          </Row>
        ) : (
          <Row title="Enable" says={`Disabled${connection.disabledReason ? `: ${connection.disabledReason}` : '.'}`}>
            <Button look="primary" busy={enable.isPending} onClick={() => enable.mutate(undefined, { onError: failed })}>
              Enable
            </Button>
          </Row>
        )}
        <Row title="Delete" says="Removes it for good with everything that was read; its secrets are destroyed at once.">
          <Button onClick={() => setDialog('delete')}>Delete…</Button>
        </Row>
      </section>
      {dialog === 'rotate' && <RotateCredentialDialog open connection={connection} onClose={close} />}
      {dialog === 'tunnel' && <RotateTunnelDialog open connection={connection} onClose={close} />}
      {dialog === 'disable' && <DisableDialog open connection={connection} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog open connection={connection} onClose={close} />}
    </div>
  );
}
