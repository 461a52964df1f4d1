import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { notify } from '../../ui/notices.tsx';

/** Another server answers than the registered one: a person says why it is the right one, and it is tested. */
export function ConfirmServerDialog({ connection, open, onClose }: { connection: Connection; open: boolean; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const confirm = useMutation({
    mutationFn: () => client.confirmServer({ params: { id: connection.id }, body: { reason } }),
    onSuccess: (result) => {
      void queryClient.invalidateQueries({ queryKey: ['connection', connection.id] });
      if (!result.ok) return;
      notify('Confirmed. Its schema is being read.');
      onClose();
    },
  });
  const failed = confirm.data?.stages.find(({ status }) => status === 'failed')?.fault;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Confirm the server"
      description="What is stored is tested against the server that answers now. If that passes, it is taken for the right one and its schema is read."
    >
      <form onSubmit={submit} className="space-y-4">
        {confirm.error && <ErrorPanel error={confirm.error} />}
        {failed && (
          <p role="alert" className="rounded-md bg-danger-soft p-3 break-words">
            The test did not pass: {failed.happened}
          </p>
        )}
        <FormField label="Why it is the right one" help="Kept on record with your name: moved, restored, failed over." path="reason">
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
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={confirm.isPending} disabled={reason.trim().length < 3}>
            {confirm.isPending ? 'Testing it' : 'Test and confirm'}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
