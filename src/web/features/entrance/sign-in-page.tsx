import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate, useRouter } from '@tanstack/react-router';
import { ask, queryClient } from '../../api.ts';
import { EntranceForm, type Line } from './entrance-form.tsx';
import { EntranceFrame } from './entrance-frame.tsx';
import { destination, signIn } from './sign-in.ts';

const lines: readonly Line[] = [
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username' },
  { name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password' },
];

/** The door. Afterwards the page that was asked for opens. */
export function SignInPage() {
  const { to } = getRouteApi('/sign-in').useSearch();
  const router = useRouter();
  const setup = useQuery(ask.setup);
  if (setup.data?.done === false) return <Navigate to="/setup" replace />;
  return (
    <EntranceFrame title="Sign in" lead="With the e-mail and password of your account.">
      <EntranceForm
        lines={lines}
        action="Sign in"
        onSubmit={async ({ email = '', password = '' }) => {
          await signIn(email, password);
          queryClient.clear();
          await queryClient.fetchQuery(ask.me);
          router.history.push(destination(to));
        }}
      />
      <p className="mt-6 text-xs text-muted">Lost the password? Ask an Admin of your organisation for a password link.</p>
    </EntranceFrame>
  );
}
