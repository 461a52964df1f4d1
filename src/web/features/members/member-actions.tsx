import { useMutation } from '@tanstack/react-query';
import { Ellipsis, KeyRound, UserMinus } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '../../../contract/identity.ts';
import { client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { Menu } from '../../ui/menu.tsx';
import { notify } from '../../ui/notices.tsx';
import { OneTimeLinkCard } from './one-time-link.tsx';

const failed = (error: unknown) => notify(explain(error).detail, 'danger');

/** What an Admin can do for or to another member. */
export function MemberActions({ member }: { member: Member }) {
  const [removing, setRemoving] = useState(false);
  const params = { id: member.id };
  const link = useMutation({ mutationFn: () => client.createPasswordLink({ params }), onError: failed });
  const remove = useMutation({
    mutationFn: () => client.removeMember({ params }),
    onSuccess: () => notify(`${member.user.name} is removed.`),
    onError: failed,
    onSettled: () => {
      setRemoving(false);
      void queryClient.invalidateQueries({ queryKey: ['members'] });
    },
  });
  return (
    <>
      <Menu
        label={`Actions for ${member.user.name}`}
        entries={[
          { kind: 'action', label: 'Make a password link', icon: <KeyRound aria-hidden />, act: () => link.mutate() },
          { kind: 'action', label: 'Remove…', icon: <UserMinus aria-hidden />, danger: true, act: () => setRemoving(true) },
        ]}
        trigger={<Button look="quiet" size="icon" busy={link.isPending} icon={<Ellipsis aria-hidden className="size-4" />} />}
      />
      <Dialog open={link.data !== undefined} onClose={link.reset} title="Password link">
        {link.data && <OneTimeLinkCard link={link.data} who={member.user.name} />}
        <DialogFoot>
          <Button onClick={link.reset}>Done</Button>
        </DialogFoot>
      </Dialog>
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Remove ${member.user.name}?`}
        action="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        Their sign-ins and API keys end at once. Connections they added stay, in the hands of Admins.
      </Confirm>
    </>
  );
}
