import { useNavigate } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { faults } from '../../../contract/faults.ts';
import { Button } from '../../ui/button.tsx';
import { When } from '../../ui/when.tsx';

const RotateCredentialDialog = lazy(async () => ({
  default: (await import('./rotate-credential-dialog.tsx')).RotateCredentialDialog,
}));

const meaning = {
  authentication_failed:
    'Nothing can be read or asked until a login is stored that it takes. Meanwhile it is spared, so that no account is locked.',
  unreachable: 'Nothing can be read or asked until it answers. It is tried again by itself.',
} as const;

/** What it means that a database does not answer or does not let us in, and what can be done about it; nothing while it is well. */
export function HealthNotice({ connection }: { connection: Connection }) {
  const navigate = useNavigate();
  const [replacing, setReplacing] = useState(false);
  const { state, fault, since } = connection.health;
  if (!connection.isActive || (state !== 'authentication_failed' && state !== 'unreachable')) return null;
  // A login for an SSH server is replaced among the settings.
  const ownLogin = state === 'authentication_failed' && !fault?.startsWith('tunnel.') && connection.usernames.readOnly !== null;
  const edit = () =>
    void navigate({
      to: '/databases/$connectionId',
      params: { connectionId: connection.id },
      search: (before) => ({ ...before, edit: true }),
    });
  return (
    <div role="alert" className="mt-4 flex flex-wrap items-start gap-x-4 gap-y-2 rounded-md bg-danger-soft p-3">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium text-danger">
          {fault ? faults[fault].title : 'The database does not answer'}
          {since && (
            <span className="font-normal">
              {' '}
              · <When at={since} />
            </span>
          )}
        </p>
        <p>{meaning[state]}</p>
      </div>
      {connection.mayManage && (
        <div className="flex flex-wrap gap-2">
          {ownLogin && (
            <Button size="small" onClick={() => setReplacing(true)}>
              Replace the credential…
            </Button>
          )}
          <Button size="small" onClick={edit}>
            Test or edit…
          </Button>
        </div>
      )}
      <Suspense>{replacing && <RotateCredentialDialog open connection={connection} onClose={() => setReplacing(false)} />}</Suspense>
    </div>
  );
}
