import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member } from '../../../contract/identity.ts';
import { Role } from '../../../contract/permissions.ts';
import { client, queryClient } from '../../api.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { notify } from '../../ui/notices.tsx';
import { Select } from '../../ui/select.tsx';
import { roleNames } from '../shell/me.ts';

/** The role of a member, to be changed. What makes more powerful or less is asked about first. */
export function MemberRole({ member }: { member: Member }) {
  const [wanted, setWanted] = useState<Role | null>(null);
  const change = useMutation({
    mutationFn: (role: Role) => client.changeMemberRole({ params: { id: member.id }, body: { role } }),
    onSuccess: ({ role }) => notify(`${member.user.name} is ${roleNames[role]} now.`),
    onError: (error) => notify(explain(error).detail, 'danger'),
    onSettled: () => {
      setWanted(null);
      void queryClient.invalidateQueries({ queryKey: ['members'] });
      void queryClient.invalidateQueries({ queryKey: ['me'] });
    },
  });
  return (
    <>
      <Select
        aria-label={`Role of ${member.user.name}`}
        className="w-32"
        value={member.role}
        disabled={change.isPending}
        onChange={(event) => setWanted(Role.parse(event.target.value))}
      >
        {Role.options.map((role) => (
          <option key={role} value={role}>
            {roleNames[role]}
          </option>
        ))}
      </Select>
      <Confirm
        open={wanted !== null}
        onClose={() => setWanted(null)}
        title={`Make ${member.user.name} ${wanted ? roleNames[wanted] : ''}?`}
        action="Change the role"
        look="primary"
        busy={change.isPending}
        onConfirm={() => wanted && change.mutate(wanted)}
      >
        {wanted === 'admin'
          ? 'An Admin may do everything here: see every connection, manage people and allow unencrypted connections.'
          : 'It holds at once, for their API keys too. A User loses the management of connections they added.'}
      </Confirm>
    </>
  );
}
