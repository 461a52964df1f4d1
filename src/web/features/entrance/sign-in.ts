import { ProblemError, problemOf, UnreachableError } from '../../../contract/client.ts';
import { faults } from '../../../contract/faults.ts';

// Signing in and out are the sign-in library's own routes, not of the contract: a cookie comes or goes.
async function post(path: string, body: Record<string, unknown>): Promise<Response> {
  try {
    return await fetch(`/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new UnreachableError('', cause);
  }
}

/** Signs in by e-mail and password; the cookie that comes back is out of reach of scripts. */
export async function signIn(email: string, password: string): Promise<void> {
  const response = await post('sign-in/email', { email, password });
  if (response.ok) return;
  if (response.status !== 401) throw new ProblemError(await problemOf(response));
  const detail = 'Check both. If the password is lost, an Admin can make a link for a new one.';
  throw new ProblemError({
    type: 'about:blank',
    status: 401,
    code: 'password.rejected',
    title: faults['password.rejected'].title,
    detail,
    requestId: '',
  });
}

/** Signs out here. The page begins anew, so that nothing of the person stays in its memory. */
export async function signOut(): Promise<void> {
  await post('sign-out', {});
  window.location.assign('/sign-in');
}

/** Ends every sign-in of mine, on every machine. */
export async function signOutEverywhere(): Promise<void> {
  const response = await post('revoke-sessions', {});
  if (!response.ok) throw new ProblemError(await problemOf(response));
  await post('sign-out', {});
  window.location.assign('/sign-in');
}

/** Where to go after signing in: a path of our own, never another site. */
export function destination(to: string | undefined): string {
  return to?.startsWith('/') && !to.startsWith('//') && !to.includes('\\') && !to.startsWith('/sign-in') ? to : '/';
}

/** The one-time token behind the # of a link: it never reaches a server's log. */
export function tokenOfLink(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';
}
