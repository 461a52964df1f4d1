import { type FormEvent, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { notify } from '../../ui/notices.tsx';
import { useConnectionActions } from '../databases/use-db-connections-store.ts';

/** Stops every use of a connection, and keeps why. */
export function DisableDialog({ connection, open, onClose }: { connection: Connection; open: boolean; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const { disable } = useConnectionActions(connection.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    disable.mutate(reason, {
      onSuccess: () => {
        notify(`${connection.name} is disabled.`);
        onClose();
      },
    });
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Disable ${connection.name}`}
      description="No person, program or agent can use it until it is enabled again. Its schema and credential are kept."
    >
      <form onSubmit={submit} className="space-y-4">
        {disable.error && <ErrorPanel error={disable.error} />}
        <FormField label="Reason" help="Everyone who may see the connection sees it." path="reason">
          {(control) => (
            <input
              {...control}
              required
              maxLength={500}
              className="input"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </FormField>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" busy={disable.isPending} disabled={!reason.trim()}>
            Disable
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
