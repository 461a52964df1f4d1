import { z } from 'zod';
import { Email, Password } from '../../contract/identity.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { type Auth, authBase, peerHeader } from './auth.ts';
import { type DeviceParts, deviceCookie, knownDevice } from './device-cookie.ts';
import { findMemberships } from './member-store.ts';
import { forgetOldAttempts, type Guesser, throttlePassword } from './password-throttle.ts';
import { markSignedIn } from './person-store.ts';
import { deleteSignIn, placeSignIn } from './sign-in-store.ts';

interface Parts extends DeviceParts {
  readonly auth: Auth;
  readonly store: Store;
}
interface Call {
  readonly request: Request;
  readonly peer: string;
}

const SignInInput = z.strictObject({ email: Email, password: z.string().min(1).max(256) });
const ChangeInput = z.strictObject({ currentPassword: z.string().min(1).max(256), newPassword: Password });
const Refusal = z.object({ code: z.string().optional() });
const SignedIn = z.object({ token: z.string(), user: z.object({ id: z.string(), name: z.string(), email: z.string() }) });
const Changed = z.object({ token: z.string() });
const Session = z
  .object({
    session: z.object({ expiresAt: z.string(), organizationId: z.string().nullish() }),
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  })
  .nullable();

/** The paths of the sign-in library that are open; every other one answers 404. */
const open: Record<string, (parts: Parts, call: Call) => Promise<Response>> = {
  'POST /api/auth/sign-in/email': signIn,
  'POST /api/auth/sign-out': signOut,
  'GET /api/auth/get-session': readSession,
  'POST /api/auth/revoke-sessions': signOutEverywhere,
  'POST /api/auth/change-password': changePassword,
};

/** Serves the sign-in library's open paths. What it answers is listed anew here: its own answers carry the token of the sign-in. Throws a Fault for every refusal. */
export async function serveAuth(parts: Parts, request: Request, peer: string): Promise<Response> {
  const serve = open[`${request.method} ${new URL(request.url).pathname}`];
  if (!serve) throw new Fault('route.unknown', { detail: 'See /api/openapi.json for the surface.' });
  return serve(parts, { request, peer });
}

async function signIn(parts: Parts, call: Call): Promise<Response> {
  const { db } = parts.store;
  const input = await readBody(call.request, SignInInput);
  let answer: Response | undefined;
  const right = await throttlePassword(db, input.email, guesserOf(parts, call, input.email), async () => {
    answer = await ask(parts.auth, call, 'POST', '/sign-in/email', input);
    return answer.status !== 401 && (await checked(answer));
  });
  if (!right || !answer) {
    throw new Fault('password.rejected', { detail: 'Check both. If the password is lost, an Admin can make a link for a new one.' });
  }
  const { token, user } = SignedIn.parse(await answer.clone().json());
  if ((await findMemberships(db, user.id)).length === 0) {
    await deleteSignIn(db, token);
    throw new Fault('caller.forbidden', { detail: 'You belong to no organisation any more. An Admin can invite you again.' });
  }
  await markSignedIn(db, user.id);
  await forgetOldAttempts(db);
  return present(
    answer,
    { user },
    knownDevice(parts, call.request.headers.get('cookie'), input.email) ? [] : [deviceCookie(parts, input.email)],
  );
}

async function signOut(parts: Parts, call: Call): Promise<Response> {
  const answer = await ask(parts.auth, call, 'POST', '/sign-out', {});
  await checked(answer);
  return present(answer, { success: true });
}

async function signOutEverywhere(parts: Parts, call: Call): Promise<Response> {
  const answer = await ask(parts.auth, call, 'POST', '/revoke-sessions', {});
  await checked(answer);
  return present(answer, { success: true });
}

async function readSession(parts: Parts, call: Call): Promise<Response> {
  const answer = await ask(parts.auth, call, 'GET', '/get-session');
  await checked(answer);
  const found = Session.parse(await answer.clone().json());
  return present(
    answer,
    found && { user: found.user, organizationId: found.session.organizationId ?? null, expiresAt: found.session.expiresAt },
  );
}

async function changePassword(parts: Parts, call: Call): Promise<Response> {
  const { db } = parts.store;
  const input = await readBody(call.request, ChangeInput);
  const current = await parts.auth.api.getSession({ headers: call.request.headers, query: { disableRefresh: true } });
  if (!current) throw new Fault('caller.unauthenticated');
  let answer: Response | undefined;
  const right = await throttlePassword(db, current.user.email, { from: `sign-in ${current.session.id}`, known: true }, async () => {
    answer = await ask(parts.auth, call, 'POST', '/change-password', { ...input, revokeOtherSessions: true });
    if (answer.status === 400 && Refusal.parse(await answer.clone().json()).code === 'INVALID_PASSWORD') return false;
    return checked(answer);
  });
  if (!right || !answer)
    throw new Fault('password.rejected', { field: 'currentPassword', detail: 'currentPassword: this is not your password.' });
  // The library ends every sign-in and begins a new one, which stays in the organisation that was chosen.
  const { token } = Changed.parse(await answer.clone().json());
  if (current.session.organizationId) await placeSignIn(db, { token }, current.session.organizationId);
  return present(answer, { success: true });
}

function guesserOf(parts: Parts, { request, peer }: Call, email: string): Guesser {
  const device = knownDevice(parts, request.headers.get('cookie'), email);
  return device === null ? { from: `peer ${peer}`, known: false } : { from: `device ${device}`, known: true };
}

/** Asks the library with a request made anew: of the caller's headers only what it needs. */
function ask(auth: Auth, { request, peer }: Call, method: string, path: string, body?: object): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json', [peerHeader]: peer });
  for (const name of ['cookie', 'origin', 'referer', 'user-agent', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return auth.handler(new Request(`${authBase}/api/auth${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }));
}

/** Passes an answer that is good; every other becomes the fault it stands for. */
async function checked(answer: Response): Promise<true> {
  if (answer.ok) return true;
  if (answer.status === 401) throw new Fault('caller.unauthenticated');
  if (answer.status === 403) throw new Fault('origin.forbidden', { detail: 'Sign in from a page of Portcullis itself.' });
  if (answer.status === 429) {
    throw new Fault('rate.exceeded', {
      detail: 'Wait a moment, then try again.',
      retryAfter: Number(answer.headers.get('x-retry-after')) || 60,
    });
  }
  throw new Fault('internal.failed', { detail: 'The request id finds it in the server’s log.' });
}

function present(answer: Response, body: unknown, cookies: readonly string[] = []): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  for (const cookie of [...answer.headers.getSetCookie(), ...cookies]) headers.append('set-cookie', cookie);
  return new Response(JSON.stringify(body), { headers });
}

async function readBody<T extends z.ZodType>(request: Request, schema: T): Promise<z.output<T>> {
  const body: unknown = await request.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.map(String).join('.') || null;
  throw new Fault('request.invalid', {
    field,
    detail: field ? `${field}: ${parsed.error.issues[0]?.message}.` : 'Send the fields as a JSON object, and no others.',
  });
}
