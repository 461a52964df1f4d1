import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import type { Connection } from '../../../contract/connections.ts';
import { client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { emptyTunnel, mistakesInTunnel, tunnelLogin } from '../registration/tunnel-draft.ts';
import { TunnelLoginFields } from '../registration/tunnel-login-fields.tsx';

/** A new login for the SSH server in place of the old one: tested first, the old one destroyed only afterwards. */
export function RotateTunnelDialog({ connection, open, onClose }: { connection: Connection; open: boolean; onClose: () => void }) {
  const [login, setLogin] = useState(emptyTunnel);
  const rotate = useMutation({
    mutationFn: () => client.putCredential({ params: { id: connection.id, slot: 'tunnel' }, body: tunnelLogin(login) }),
    onSuccess: (changed) => {
      queryClient.setQueryData(['connection', changed.id], changed);
      notify('The new login has passed its test and is in use. The old one is destroyed.');
      onClose();
    },
  });
  const problem = rotate.error instanceof ProblemError ? rotate.error.problem : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Replace the login of the SSH server"
      description="The new one is tested, as far as the database, before it replaces the old one. If it fails, nothing changes."
    >
      <form onSubmit={submit} className="space-y-4">
        {rotate.error && <ErrorPanel error={rotate.error} />}
        <TunnelLoginFields value={login} error={(path) => (problem?.field === path ? problem.title : null)} onChange={setLogin} />
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={rotate.isPending} disabled={mistakesInTunnel(login).length > 0}>
            {rotate.isPending ? 'Testing it' : 'Test and replace'}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
