import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, client, queryClient } from '../../api.ts';
import { EntranceForm, type Line } from './entrance-form.tsx';
import { EntranceFrame } from './entrance-frame.tsx';
import { MissingToken } from './missing-token.tsx';
import { signIn, tokenOfLink } from './sign-in.ts';

const lines: readonly Line[] = [
  {
    name: 'password',
    label: 'New password',
    type: 'password',
    autoComplete: 'new-password',
    minLength: 12,
    help: 'At least 12 characters.',
  },
];

/** A new password by a one-time link; every older sign-in ends. */
export function PasswordPage() {
  const router = useRouter();
  const [token] = useState(() => tokenOfLink(window.location.hash));
  if (!token) return <MissingToken title="Set a new password" />;
  return (
    <EntranceFrame title="Set a new password" lead="The link works once. Sign-ins that are open elsewhere end.">
      <EntranceForm
        lines={lines}
        action="Set the password"
        onSubmit={async ({ password = '' }) => {
          const { email } = await client.acceptPasswordLink({ body: { token, password } });
          await signIn(email, password);
          queryClient.clear();
          await queryClient.fetchQuery(ask.me);
          router.history.replace('/');
        }}
      />
    </EntranceFrame>
  );
}
