import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '../../../contract/identity.ts';
import { ask } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { When } from '../../ui/when.tsx';
import { roleNames, useMe } from '../shell/me.ts';
import { Denied } from '../shell/page-states.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberActions } from './member-actions.tsx';
import { MemberRole } from './member-role.tsx';

const means = {
  admin: 'everything, people and keys too',
  manager: 'adds databases and manages their own',
  user: 'asks what is shared',
} as const;

function Row({ member, self, mayManage }: { member: Member; self: boolean; mayManage: boolean }) {
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 p-4">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium break-words">
          {member.user.name}
          {self && <span className="ml-2 text-xs font-normal text-muted">you</span>}
        </p>
        <p className="break-all text-muted">{member.user.email}</p>
      </div>
      <p className="hidden w-44 text-xs whitespace-nowrap text-muted md:block">
        {member.lastSignInAt ? (
          <>
            Signed in <When at={member.lastSignInAt} />
          </>
        ) : (
          'Never signed in'
        )}
      </p>
      <p className="hidden w-40 text-xs whitespace-nowrap text-muted lg:block">
        Joined <When at={member.createdAt} />
      </p>
      <div className="flex items-center gap-2">
        {mayManage ? <MemberRole member={member} /> : <span className="text-muted">{roleNames[member.role]}</span>}
        {mayManage && <span className="size-9">{!self && <MemberActions member={member} />}</span>}
      </div>
    </li>
  );
}

/** Who belongs to the organisation, and as what. */
export function MembersPage() {
  const me = useMe();
  const mayManage = me.can('member:manage');
  const [inviting, setInviting] = useState(false);
  const { data, error, refetch } = useQuery({ ...ask.members, enabled: me.can('member:read') });
  if (!me.can('member:read')) {
    return (
      <>
        <PageHead title="Members" />
        <Denied what="the members" who="Managers and Admins see them." />
      </>
    );
  }
  return (
    <>
      <PageHead
        title="Members"
        actions={
          mayManage && (
            <Button look="primary" icon={<UserPlus aria-hidden className="size-4" />} onClick={() => setInviting(true)}>
              Invite
            </Button>
          )
        }
      >
        The role of a person bounds what they, their keys and the agents that act for them may do.
      </PageHead>
      {error && <ErrorPanel error={error} retry={() => void refetch()} />}
      {!error && !data && <SkeletonRows label="Loading the members" />}
      {data && (
        <ul aria-label="Members" className="card divide-y">
          {data.map((member) => (
            <Row key={member.id} member={member} self={member.user.id === me.user.id} mayManage={mayManage} />
          ))}
        </ul>
      )}
      <dl className="mt-4 flex flex-wrap gap-x-6 gap-y-1 text-xs text-muted">
        {(['admin', 'manager', 'user'] as const).map((role) => (
          <div key={role} className="flex gap-1.5">
            <dt className="font-medium">{roleNames[role]}:</dt>
            <dd>{means[role]}</dd>
          </div>
        ))}
      </dl>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}
