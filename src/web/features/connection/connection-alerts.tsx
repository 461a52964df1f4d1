import { ShieldAlert } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Alert, Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';

const ConfirmServerDialog = lazy(async () => ({ default: (await import('./confirm-server-dialog.tsx')).ConfirmServerDialog }));

/** What a person does about it. */
const whatToDo = (alert: Alert): string =>
  alert.code === 'server.changed'
    ? 'Nothing is asked of it until somebody has made sure that it is the right one.'
    : 'Ask whoever runs it whether that was meant; then test the connection, or change how it is reached.';

/** What was found by itself and should be looked at, above everything else of a connection. */
export function ConnectionAlerts({ connection }: { connection: Connection }) {
  const [confirming, setConfirming] = useState(false);
  return (
    <>
      {connection.alerts.map((alert) => (
        <div key={alert.code} role="alert" className="mt-4 flex flex-wrap items-start gap-x-4 gap-y-2 rounded-md bg-danger-soft p-3">
          <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
          <div className="min-w-0 flex-1 basis-60">
            <p className="font-medium break-words text-danger">
              <Untrusted text={alert.text} />
            </p>
            <p>
              {whatToDo(alert)}{' '}
              <span className="text-muted">
                Found <When at={alert.since} />.
              </span>
            </p>
          </div>
          {connection.mayManage && alert.code === 'server.changed' && (
            <Button size="small" onClick={() => setConfirming(true)}>
              Test and confirm…
            </Button>
          )}
        </div>
      ))}
      <Suspense>{confirming && <ConfirmServerDialog connection={connection} open onClose={() => setConfirming(false)} />}</Suspense>
    </>
  );
}
