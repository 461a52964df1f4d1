import type { Context } from 'hono';
import type { Env } from './guards.ts';
import type { Bytes } from './sliced-json.ts';

/** Milliseconds in which a reader has to take something of the answer. */
const STALLED_MS = 30_000;

/** A body that is there already, sent piece by piece as its reader takes it. A reader that takes nothing any more is cut off. */
export function wholeBody(c: Context<Env>, type: string, pieces: readonly Bytes[]): Response {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const headers = { 'content-type': type, 'content-length': String(length), 'cache-control': 'no-store' };
  c.env.outgoing.setTimeout(STALLED_MS);
  const [first, ...more] = pieces;
  if (first && more.length === 0) return new Response(first, { headers });
  const source = pieces.values();
  const body = new ReadableStream<Bytes>({
    pull(controller) {
      const { done, value } = source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return new Response(body, { headers });
}
