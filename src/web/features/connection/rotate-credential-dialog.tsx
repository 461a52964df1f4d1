import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import type { Connection } from '../../../contract/connections.ts';
import { client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { notify } from '../../ui/notices.tsx';
import { PasswordInput } from '../../ui/password-input.tsx';
import { SecretText } from '../../ui/secret-text.tsx';
import { showsCertificate } from './way-in.ts';

/** A new login in place of the old one: tested first, the old one destroyed only afterwards. */
export function RotateCredentialDialog({ connection, open, onClose }: { connection: Connection; open: boolean; onClose: () => void }) {
  const [username, setUsername] = useState(connection.usernames.readOnly ?? '');
  const [password, setPassword] = useState('');
  const [clientKey, setClientKey] = useState('');
  const keyed = showsCertificate(connection);
  const rotate = useMutation({
    mutationFn: () =>
      client.putCredential({
        params: { id: connection.id, slot: 'read_only' },
        body: { username, ...(password === '' ? {} : { password }), ...(keyed ? { clientKey } : {}) },
      }),
    onSuccess: (changed) => {
      queryClient.setQueryData(['connection', changed.id], changed);
      notify('The new credential has passed its test and is in use. The old one is destroyed.');
      close();
    },
  });
  const close = () => {
    setPassword('');
    setClientKey('');
    rotate.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate();
  };
  const field = rotate.error instanceof ProblemError ? rotate.error.problem.field : undefined;
  const at = (name: string) => (field?.endsWith(name) && rotate.error instanceof ProblemError ? rotate.error.problem.title : null);
  return (
    <Dialog
      open={open}
      onClose={close}
      title="Replace the credential"
      description="The new one is tested before it replaces the old one. If it fails, nothing changes."
    >
      <form onSubmit={submit} className="space-y-4">
        {rotate.error && <ErrorPanel error={rotate.error} />}
        <FormField label="Username" error={at('username')} path="username">
          {(control) => (
            <input
              {...control}
              required
              autoComplete="off"
              spellCheck={false}
              className="input"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </FormField>
        <FormField label="New password" error={at('password')} help="Sealed when it has passed, and never shown again." path="password">
          {(control) => <PasswordInput {...control} required={!keyed} value={password} onType={setPassword} />}
        </FormField>
        {keyed && (
          <FormField
            label="Key of the client certificate"
            error={at('clientKey')}
            help="PEM text, not encrypted. To change the certificate too, edit the connection."
            path="clientKey"
          >
            {(control) => <SecretText {...control} required value={clientKey} onType={setClientKey} />}
          </FormField>
        )}
        <DialogFoot>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" look="primary" busy={rotate.isPending}>
            {rotate.isPending ? 'Testing it' : 'Test and replace'}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
