import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { notify } from '../../ui/notices.tsx';
import { counted } from '../../ui/when.tsx';
import { useConnectionActions } from '../databases/use-db-connections-store.ts';

/** Deletes a connection for good: says what goes with it, and wants its alias typed. */
export function DeleteDialog({ connection, open, onClose }: { connection: Connection; open: boolean; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const { remove } = useConnectionActions(connection.id);
  const navigate = useNavigate();
  const secrets = [connection.usernames.readOnly, connection.usernames.write].filter((name) => name !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    remove.mutate(typed, {
      onSuccess: () => {
        notify(`${connection.name} is deleted; its secrets are destroyed.`);
        void navigate({ to: '/databases' });
      },
    });
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Delete ${connection.name}`}
      description="This cannot be undone. The database itself is not touched."
    >
      <form onSubmit={submit} className="space-y-4">
        {remove.error && <ErrorPanel error={remove.error} />}
        <div>
          <p className="font-medium">What goes with it</p>
          <ul className="mt-1 list-disc space-y-0.5 pl-5 text-muted">
            <li>
              {secrets.length > 0 ? `The sealed credential of ${secrets.join(' and ')}, destroyed at once` : 'No credential is stored'}
            </li>
            <li>
              {counted(connection.tables, 'table')} and {counted(connection.columns, 'column')} in schema and search
            </li>
            <li>Every snapshot of its schema and every run</li>
            {connection.ingestion?.state === 'running' && <li>The reading that is under way</li>}
          </ul>
        </div>
        <FormField label={<>Type the alias to confirm: {connection.name}</>} path="confirmName">
          {(control) => (
            <input
              {...control}
              required
              autoComplete="off"
              spellCheck={false}
              className="input"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </FormField>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" busy={remove.isPending} disabled={typed !== connection.name}>
            Delete for good
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
