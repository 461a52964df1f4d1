import { useQuery } from '@tanstack/react-query';
import { Navigate, useRouter } from '@tanstack/react-router';
import { ask, client, queryClient } from '../../api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EntranceForm, type Line } from './entrance-form.tsx';
import { EntranceFrame } from './entrance-frame.tsx';
import { signIn } from './sign-in.ts';

const lines: readonly Line[] = [
  { name: 'organization', label: 'Organisation', autoComplete: 'organization' },
  { name: 'name', label: 'Your name', autoComplete: 'name' },
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username' },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autoComplete: 'new-password',
    minLength: 12,
    help: 'At least 12 characters. A few words in a row are good.',
  },
];
const token: Line = {
  name: 'token',
  label: 'Setup token',
  autoComplete: 'off',
  help: 'It was printed when the server started for the first time.',
};

/** The first run: the organisation and its first Admin, who is signed in afterwards. */
export function SetupPage() {
  const router = useRouter();
  const setup = useQuery(ask.setup);
  if (setup.data?.done) return <Navigate to="/sign-in" replace />;
  return (
    <EntranceFrame title="Set up Portcullis" lead="Make your organisation and its first Admin. This happens once.">
      {setup.error && <ErrorPanel error={setup.error} retry={() => void setup.refetch()} />}
      {setup.isPending && <Skeleton className="h-80" />}
      {setup.data && (
        <EntranceForm
          lines={setup.data.tokenRequired ? [...lines, token] : lines}
          action="Create the organisation"
          onSubmit={async ({ organization = '', name = '', email = '', password = '', token: given }) => {
            await client.setup({ body: { organization, name, email, password, ...(given ? { token: given.trim() } : {}) } });
            await signIn(email, password);
            queryClient.clear();
            await queryClient.fetchQuery(ask.me);
            router.history.push('/');
          }}
        />
      )}
    </EntranceFrame>
  );
}
