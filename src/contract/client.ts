import { z } from 'zod';
import { type Api, api, type OperationId } from './api.ts';
import { type FaultCode, faults, Problem } from './faults.ts';
import type { AnswerOf, CallOf, EventOf, Pieces, Route } from './route.ts';
import { serverEvents } from './server-events.ts';

/** A request that the server refused or could not do: carries the problem as it was told. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get code(): FaultCode {
    return this.problem.code;
  }
}

/** The server did not answer at all: not running, or the network between is gone. */
export class UnreachableError extends Error {
  constructor(baseUrl: string, cause: unknown) {
    super(`Portcullis does not answer${baseUrl ? ` at ${baseUrl}` : ''}.`, { cause });
    this.name = 'UnreachableError';
  }
}

/** Where the server is, and what goes with every request. */
export interface ClientOptions {
  /** Such as http://127.0.0.1:8686; empty in a browser that is on the server's own page. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface StreamOptions<E> extends CallOptions {
  /** Called with each event, parsed, in its order. */
  readonly onEvent: (event: E) => void;
}

// What may be left out altogether (a query of which nothing is required) need not be given as {}.
type Lenient<C> = { [K in keyof C as Record<never, never> extends C[K] ? never : K]: C[K] } & {
  [K in keyof C as Record<never, never> extends C[K] ? K : never]?: C[K];
};

/** What the caller of an operation gives. */
export type Call<K extends OperationId> = Lenient<CallOf<Api[K]>>;
/** What the caller of an operation receives. */
export type Answer<K extends OperationId> = AnswerOf<Api[K]>;

type Streaming = { [K in OperationId]: Api[K] extends { readonly events: z.ZodType } ? K : never }[OperationId];
type Optional<C, Rest extends unknown[]> = Record<never, never> extends C ? [call?: C, ...Rest] : [call: C, ...Rest];

/** One function per operation; `stream` has those that tell of their progress. */
export type Client = {
  readonly [K in OperationId]: (...args: Optional<Call<K>, [options?: CallOptions]>) => Promise<Answer<K>>;
} & {
  readonly stream: { readonly [K in Streaming]: (call: Call<K>, options: StreamOptions<EventOf<Api[K]>>) => Promise<Answer<K>> };
};

interface AnyCall {
  readonly params?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
}

/** The typed client of the whole surface, over fetch. */
export function createClient(options: ClientOptions): Client {
  const plain = Object.entries(api).map(([id, route]) => [
    id,
    (call: AnyCall = {}, how: CallOptions = {}) => ask(options, route, call, how),
  ]);
  const streaming = Object.entries(api)
    .filter(([, route]) => 'events' in route)
    .map(([id, route]) => [id, (call: AnyCall, how: StreamOptions<unknown>) => follow(options, route, call, how)]);
  return { ...Object.fromEntries(plain), stream: Object.fromEntries(streaming) } as Client;
}

/** The address of a call: parameters escaped into the path, the query behind it. */
export function pathOf(route: Pick<Route, 'path'>, call: AnyCall): string {
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(call.params?.[name] ?? '')));
  const given = Object.entries(call.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return query ? `${path}?${query}` : path;
}

async function send(options: ClientOptions, route: Route, call: AnyCall, accept: string, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept, ...options.headers };
  if (route.body) headers['content-type'] = 'application/json';
  const init: RequestInit = { method: route.method, headers, credentials: 'same-origin', redirect: 'error' };
  if (route.body) init.body = JSON.stringify(call.body ?? {});
  if (signal) init.signal = signal;
  try {
    const response = await (options.fetch ?? fetch)(options.baseUrl.replace(/\/+$/, '') + pathOf(route, call), init);
    if (!response.ok) throw new ProblemError(await problemOf(response));
    return response;
  } catch (error) {
    if (error instanceof ProblemError || signal?.aborted) throw error;
    throw new UnreachableError(options.baseUrl, error);
  }
}

async function ask(options: ClientOptions, route: Route, call: AnyCall, how: CallOptions): Promise<unknown> {
  const response = await send(options, route, call, route.text ?? 'application/json', how.signal);
  if (route.text) return piecesOf(response, options.baseUrl, how.signal);
  return route.output ? read(route.output, await response.json().catch(() => undefined), requestIdOf(response)) : undefined;
}

async function* piecesOf(response: Response, baseUrl: string, signal?: AbortSignal): Pieces {
  try {
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) yield piece;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new UnreachableError(baseUrl, error);
  }
}

async function follow(options: ClientOptions, route: Route, call: AnyCall, how: StreamOptions<unknown>): Promise<unknown> {
  const response = await send(options, route, call, 'text/event-stream', how.signal);
  const id = requestIdOf(response);
  if (!response.body) throw new ProblemError(strange(response.status, id));
  try {
    for await (const { event, data } of serverEvents(response.body)) {
      const value: unknown = JSON.parse(data);
      if (event === 'event' && route.events) how.onEvent(read(route.events, value, id));
      if (event === 'problem') throw new ProblemError(read(Problem, value, id));
      if (event === 'result') return route.output ? read(route.output, value, id) : undefined;
    }
  } catch (error) {
    if (error instanceof ProblemError || how.signal?.aborted) throw error;
    throw new UnreachableError(options.baseUrl, error);
  }
  throw new UnreachableError(options.baseUrl, new Error('the stream ended without a result'));
}

function read<T extends z.ZodType>(schema: T, value: unknown, requestId: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const detail = `The answer has another shape than this client knows (${z.prettifyError(parsed.error).slice(0, 300)}). Use a client of the server's version.`;
  throw new ProblemError({ ...strange(500, requestId), detail });
}

/** The problem that a failed response tells; one of our own making where something else than Portcullis answered. */
export async function problemOf(response: Response): Promise<Problem> {
  const told = Problem.safeParse(await response.json().catch(() => undefined));
  return told.success ? told.data : strange(response.status, requestIdOf(response));
}

function strange(status: number, requestId: string): Problem {
  const detail = `The server answered ${status} with something that is not a problem description of Portcullis. Is a proxy in between?`;
  return { type: 'about:blank', status, code: 'internal.failed', title: faults['internal.failed'].title, detail, requestId };
}

function requestIdOf(response: Response): string {
  return response.headers.get('x-request-id') ?? '';
}
