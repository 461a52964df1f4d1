import type { z } from 'zod';
import type { Permission } from './permissions.ts';

/** One call of the surface, as data: HTTP, the typed client, the CLI and OpenAPI all derive from it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with :parameters, starting with a slash. */
  readonly path: string;
  /** The permission it needs; `public` only for what must work before anyone is known. */
  readonly permission: Permission | 'public';
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** null: 204 without a body. */
  readonly output: z.ZodType | null;
  readonly status?: 200 | 201 | 202 | 204;
  /** Events it can stream when the caller accepts text/event-stream; `output` is then the last event, named result. */
  readonly events?: z.ZodType;
  /** The key of the answer's list that may be so long that it is written in pieces. */
  readonly sliced?: string;
  /** The answer is text of this media type, piece by piece, with no end known beforehand; `output` is then null. */
  readonly text?: string;
  readonly tag: string;
}

type In<T> = T extends z.ZodType ? z.input<T> : undefined;
type Out<T> = T extends z.ZodType ? z.output<T> : undefined;
type Present<T> = { [K in keyof T as T[K] extends undefined ? never : K]: T[K] };

/** Text as it comes. */
export type Pieces = AsyncIterable<string>;

/** What a caller of the route gives. */
export type CallOf<R extends Route> = Present<{ params: In<R['params']>; query: In<R['query']>; body: In<R['body']> }>;
/** What the handler of the route gets: parsed, defaults filled. */
export type InputOf<R extends Route> = { params: Out<R['params']>; query: Out<R['query']>; body: Out<R['body']> };
/** What the handler gives back, before the output schema lists what leaves. */
export type ResultOf<R extends Route> = R['output'] extends z.ZodType ? z.input<R['output']> : TextOf<R>;
/** What a caller of the route receives. */
export type AnswerOf<R extends Route> = R['output'] extends z.ZodType ? z.output<R['output']> : TextOf<R>;
type TextOf<R extends Route> = R['text'] extends string ? Pieces : void;
/** One event of a route that streams. */
export type EventOf<R extends Route> = R['events'] extends z.ZodType ? z.output<R['events']> : never;
