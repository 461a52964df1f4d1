import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type Api, api, type OperationId } from '../../contract/api.ts';
import { barredBy, permissions } from '../../contract/permissions.ts';
import type { EventOf, InputOf, Pieces, ResultOf, Route } from '../../contract/route.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault, toFault } from '../platform/fault.ts';
import type { Log } from '../platform/log.ts';
import { parseInput } from '../platform/parse-input.ts';
import type { Env } from './guards.ts';
import { problemOf, problemResponse } from './problem.ts';
import { jsonInSlices, type Sliced, slicedBy } from './sliced-json.ts';
import { wholeBody } from './whole-body.ts';

/** What a handler learns of its call. */
export interface CallOf<K extends OperationId> {
  readonly actor: Api[K]['permission'] extends 'public' ? null : Actor;
  readonly input: InputOf<Api[K]>;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  /** Settles when the answer is out, or the caller gone. */
  readonly sent: Promise<void>;
  /** Sends an event, when the caller asked for a stream; otherwise does nothing. */
  readonly emit: (event: EventOf<Api[K]>) => void;
  readonly context: Context<Env>;
}
export type Handlers = { readonly [K in OperationId]: (call: CallOf<K>) => Promise<ResultOf<Api[K]>> };
type AnyHandler = (call: {
  actor: Actor | null;
  input: unknown;
  signal: AbortSignal;
  sent: Promise<void>;
  emit: (event: unknown) => void;
  context: Context<Env>;
}) => Promise<unknown>;

interface Door {
  readonly authenticate: (headers: Headers) => Promise<Actor | null>;
  readonly log: Log;
}

/** Binds every route of the contract to its handler: who → may they → parse in → call → parse out. */
export function mount(app: Hono<Env>, handlers: Handlers, door: Door): void {
  for (const [id, route] of Object.entries(api) as [OperationId, Route][]) {
    const sliced = route.sliced === undefined ? null : slicedBy(route.output, route.sliced);
    const bound = { id, route, sliced, handler: handlers[id] as unknown as AnyHandler };
    app.on(route.method, route.path, (c) => serveRoute(c, bound, door));
  }
}

/** An operation, and all that serves it. */
interface Bound {
  readonly id: OperationId;
  readonly route: Route;
  readonly sliced: Sliced | null;
  readonly handler: AnyHandler;
}

async function serveRoute(c: Context<Env>, { id, route, sliced, handler }: Bound, door: Door): Promise<Response> {
  const { signal, sent } = endOf(c);
  try {
    const actor = await admit(c, route, door);
    const input = await readInput(c, route);
    const call = (emit: (event: unknown) => void) => handler({ actor, input, signal, sent, emit, context: c });
    if (route.events && c.req.header('accept')?.includes('text/event-stream')) return stream(c, id, route, call, door);
    const result = await call(() => {});
    if (route.text) return textResponse(route.text, result as Pieces);
    if (route.output === null) return c.body(null, 204);
    if (sliced) return wholeBody(c, 'application/json', await jsonInSlices(sliced, result as Record<string, unknown>, signal));
    return c.json(route.output.parse(result) as object, route.status === 204 ? 200 : (route.status ?? 200), {
      'cache-control': 'no-store',
    });
  } catch (error) {
    return problemResponse(report(error, id, c, door), c.get('requestId'));
  }
}

/** Text, piece by piece. What fails on the way cuts the connection: its reader sees that it is not whole. */
function textResponse(type: string, pieces: Pieces): Response {
  const bytes = new TextEncoder();
  const source = pieces[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await source.next();
      if (piece.done) controller.close();
      else controller.enqueue(bytes.encode(piece.value));
    },
    // The reader went away: nothing more is read from the store.
    async cancel() {
      await source.return?.();
    },
  });
  return new Response(body, { headers: { 'content-type': type, 'cache-control': 'no-store' } });
}

/**
 * How the answer ends. The signal is aborted when the caller hangs up before it is out: the socket says so at once, the library's own signal only
 * at the next write.
 */
function endOf(c: Context<Env>): { readonly signal: AbortSignal; readonly sent: Promise<void> } {
  const gone = new AbortController();
  const { outgoing } = c.env;
  const sent = new Promise<void>((resolve) => {
    outgoing.once('finish', resolve);
    const close = () => {
      if (!outgoing.writableFinished) gone.abort();
      resolve();
    };
    if (outgoing.closed) close();
    else outgoing.once('close', close);
  });
  return { signal: gone.signal, sent };
}

async function admit(c: Context<Env>, route: Route, door: Door): Promise<Actor | null> {
  if (route.permission === 'public') return null;
  const actor = await door.authenticate(c.req.raw.headers);
  if (!actor)
    throw new Fault('caller.unauthenticated', {
      detail: 'Sign in, or send an API key as “Authorization: Bearer …”. Keys expire and end with the membership.',
    });
  const barred = barredBy(actor, route.permission);
  if (barred !== null) {
    const details = {
      scope: `The key lacks the scope ${permissions[route.permission].scope}.`,
      role: `Your role (${actor.role}) does not allow this: ask an Admin of the organisation.`,
      operator: 'This is about the whole server, which several organisations share: only Admins of the organisation that set it up may.',
    };
    throw new Fault('caller.forbidden', { detail: details[barred] });
  }
  return { ...actor, requestId: c.get('requestId') };
}

async function readInput(c: Context<Env>, route: Route): Promise<unknown> {
  return {
    params: route.params && parseInput(route.params, c.req.param()),
    query: route.query && parseInput(route.query, c.req.query()),
    body: route.body && parseInput(route.body, await readJson(c)),
  };
}

async function readJson(c: Context<Env>): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw new Fault('request.invalid', { detail: 'Send the body as application/json.' });
  try {
    return JSON.parse(await c.req.text());
  } catch {
    // The parser's own message quotes the body, which may hold a password.
    throw new Fault('request.invalid', { detail: 'The body is not valid JSON.' });
  }
}

function report(error: unknown, id: string, c: Context<Env>, door: Door): Fault {
  const fault = toFault(error);
  const line = { requestId: c.get('requestId'), operation: id, code: fault.code };
  if (fault.code === 'internal.failed') door.log.error({ ...line, err: error }, 'request failed');
  else door.log.debug(line, 'request refused');
  return fault;
}

function stream(
  c: Context<Env>,
  id: OperationId,
  route: Route,
  call: (emit: (event: unknown) => void) => Promise<unknown>,
  door: Door,
): Response {
  c.header('x-accel-buffering', 'no');
  c.header('cache-control', 'no-store');
  return streamSSE(c, async (sse) => {
    // Events leave in the order they came; each is listed by its schema like any other answer.
    let last: Promise<unknown> = Promise.resolve();
    const send = (event: string, value: unknown): void => {
      last = last.then(() => sse.writeSSE({ event, data: JSON.stringify(value) })).catch(() => {});
    };
    const beat = setInterval(() => void sse.write(': still here\n\n').catch(() => {}), 15_000);
    try {
      const result = await call((event) => send('event', route.events?.parse(event)));
      send('result', route.output?.parse(result));
    } catch (error) {
      send('problem', problemOf(report(error, id, c, door), c.get('requestId')));
    } finally {
      clearInterval(beat);
    }
    await last;
  });
}
