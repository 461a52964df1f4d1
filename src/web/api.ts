import { QueryCache, QueryClient } from '@tanstack/react-query';
import { createClient, ProblemError } from '../contract/client.ts';
import { everyPage } from './paged.ts';

/** The typed client, on the page's own server. */
export const client = createClient({ baseUrl: '' });

/** Called when a request finds that nobody is signed in any more. */
let signedOut: () => void = () => undefined;

/** Says what to do when the sign-in has ended under us. */
export function onSignedOut(act: () => void): void {
  signedOut = act;
}

/** One cache for the page: what is asked is asked once. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ProblemError && error.code === 'caller.unauthenticated') signedOut();
    },
  }),
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (count, error) => !(error instanceof ProblemError) && count < 2, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

/** Renews the sign-in, once a page load: only an answer of the sign-in library can carry the newer cookie. */
let renewal: Promise<unknown> | undefined;
const renewSignIn = (): Promise<unknown> => {
  renewal ??= fetch('/api/auth/get-session', { credentials: 'same-origin' }).catch(() => undefined);
  return renewal;
};

/** Every question that pages ask, with its key. */
export const ask = {
  setup: { queryKey: ['setup'], queryFn: () => client.getSetup(), staleTime: 0 },
  me: { queryKey: ['me'], queryFn: () => renewSignIn().then(() => client.getMe()), staleTime: 60_000 },
  engines: { queryKey: ['engines'], queryFn: () => client.listEngines(), staleTime: Number.POSITIVE_INFINITY },
  members: { queryKey: ['members'], queryFn: () => everyPage((query) => client.listMembers({ query })) },
  apiKeys: { queryKey: ['api-keys'], queryFn: () => everyPage((query) => client.listApiKeys({ query })) },
  vault: { queryKey: ['vault'], queryFn: () => client.getVault() },
  organization: { queryKey: ['organization'], queryFn: () => client.getOrganization() },
  connections: { queryKey: ['connections'], queryFn: () => everyPage((query) => client.listDbConnections({ query })) },
};
