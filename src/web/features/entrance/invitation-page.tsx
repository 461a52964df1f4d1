import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, client, queryClient } from '../../api.ts';
import { EntranceForm, type Line } from './entrance-form.tsx';
import { EntranceFrame } from './entrance-frame.tsx';
import { MissingToken } from './missing-token.tsx';
import { signIn, tokenOfLink } from './sign-in.ts';

const password = { name: 'password', label: 'Password', type: 'password' } as const;
const fresh: readonly Line[] = [
  { name: 'name', label: 'Your name', autoComplete: 'name' },
  { ...password, autoComplete: 'new-password', minLength: 12, help: 'At least 12 characters.' },
];
const known: readonly Line[] = [{ ...password, autoComplete: 'current-password', help: 'The one of your account here.' }];

/** Joining by a one-time link: a new account, or the one that is there already. */
export function InvitationPage() {
  const router = useRouter();
  const [token] = useState(() => tokenOfLink(window.location.hash));
  const [account, setAccount] = useState(false);
  if (!token) return <MissingToken title="Join an organisation" />;
  return (
    <EntranceFrame title="Join an organisation" lead="You were invited by link. It works once.">
      <EntranceForm
        key={String(account)}
        lines={account ? known : fresh}
        action="Join"
        onSubmit={async ({ name, password: given = '' }) => {
          const { email } = await client.acceptInvitation({ body: { token, password: given, ...(name ? { name } : {}) } });
          await signIn(email, given);
          queryClient.clear();
          await queryClient.fetchQuery(ask.me);
          router.history.replace('/');
        }}
      />
      <button type="button" className="link mt-6 self-start" onClick={() => setAccount(!account)}>
        {account ? 'I have no account here yet' : 'I have an account here already'}
      </button>
    </EntranceFrame>
  );
}
