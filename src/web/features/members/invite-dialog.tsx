import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import { Role } from '../../../contract/permissions.ts';
import { client } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { roleNames } from '../shell/me.ts';
import { OneTimeLinkCard } from './one-time-link.tsx';

/** Makes an invitation link for one e-mail address and one role. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('user');
  const invite = useMutation({ mutationFn: () => client.inviteMember({ body: { email, role } }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  const atEmail = invite.error instanceof ProblemError && invite.error.problem.field === 'email' ? invite.error.problem.detail : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Invite a person"
      description={invite.data ? undefined : 'Portcullis sends no mail: it makes a link, which you send.'}
    >
      {invite.data ? (
        <>
          <OneTimeLinkCard link={invite.data} who={email} />
          <DialogFoot>
            <Button onClick={onClose}>Done</Button>
          </DialogFoot>
        </>
      ) : (
        <form onSubmit={submit} className="space-y-4">
          {invite.error && !atEmail && <ErrorPanel error={invite.error} />}
          <FormField label="E-mail" path="email" error={atEmail}>
            {(control) => (
              <input
                {...control}
                type="email"
                required
                maxLength={254}
                autoComplete="off"
                className="input"
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </FormField>
          <FormField label="Role" path="role" help="It can be changed at any time.">
            {(control) => (
              <Select {...control} value={role} onChange={(event) => setRole(Role.parse(event.target.value))}>
                <option value="user">{roleNames.user}: asks what is shared</option>
                <option value="manager">{roleNames.manager}: adds databases and manages their own</option>
                <option value="admin">{roleNames.admin}: everything</option>
              </Select>
            )}
          </FormField>
          <DialogFoot>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" busy={invite.isPending}>
              Make the link
            </Button>
          </DialogFoot>
        </form>
      )}
    </Dialog>
  );
}
