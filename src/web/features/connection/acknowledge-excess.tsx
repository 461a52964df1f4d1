import { type FormEvent, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { notify } from '../../ui/notices.tsx';
import { useConnectionActions } from '../databases/use-db-connections-store.ts';
import { useMe } from '../shell/me.ts';

/** Where a credential could do far more than read: that programs and agents are kept out, and an Admin's way of letting them in. */
export function AcknowledgeExcess({ connection }: { connection: Connection }) {
  const [reason, setReason] = useState('');
  const { edit } = useConnectionActions(connection.id);
  const { role } = useMe();
  const { privileges, acknowledged } = connection;
  if (privileges?.grade !== 'severe' || acknowledged.some(({ code }) => code === 'privilege.excess')) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const acknowledge = [{ code: 'privilege.excess' as const, reason }];
    edit.mutate({ acknowledge }, { onSuccess: () => notify(`${connection.name} is open to programs and agents.`) });
  };
  return (
    <form onSubmit={submit} className="card mt-3 space-y-3 p-4">
      <p className="text-sm">
        Keys of programs and agents are kept out until an Admin has acknowledged this. A login that can only read is safer.
      </p>
      {role === 'admin' && (
        <>
          {edit.error && <ErrorPanel error={edit.error} />}
          <FormField label="Reason" help="It is kept on record and shown with the connection." path="acknowledge">
            {(control) => (
              <input
                {...control}
                required
                minLength={3}
                maxLength={500}
                className="input"
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </FormField>
          <Button type="submit" busy={edit.isPending} disabled={reason.trim().length < 3}>
            Acknowledge
          </Button>
        </>
      )}
    </form>
  );
}
