import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { reveal, type Secret } from '../platform/secret.ts';
import { type Embedder, EmbedderError, normalized } from './embedder.ts';

/** Texts of one request. */
const BATCH = 64;
const TRIES = 5;
/** Bytes of an answer: four times what the longest vectors of a full request take. */
const MOST_BYTES = 64 * 1024 * 1024;

/** An endpoint as the operator named it in the environment. */
export interface EmbeddingsEndpoint {
  readonly url: string;
  readonly model: string;
  readonly key: Secret | null;
}

/** For tests: how long a request may take, and how long the first wait before another try is. */
export interface RemoteEmbedderOptions {
  readonly requestMs?: number;
  readonly backoffMs?: number;
}

const Answer = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1).max(8192) })),
});

/** What became of a request: vectors, or why not and how long to wait before another try (null: as long as we choose). */
type Attempt = { readonly vectors: Float32Array[] } | { readonly failure: EmbedderError; readonly waitMs: number | null };

/**
 * An OpenAI-compatible endpoint. The operator chose its address, no person or client can: it is fetched as it stands, past the guard
 * for addresses that people name. It is never followed elsewhere, and what it says is not shown.
 */
export class RemoteEmbedder implements Embedder {
  readonly id: string;
  readonly #endpoint: EmbeddingsEndpoint;
  readonly #requestMs: number;
  readonly #backoffMs: number;
  readonly #closing = new AbortController();
  #dimensions: number | null = null;

  constructor(endpoint: EmbeddingsEndpoint, { requestMs = 30_000, backoffMs = 500 }: RemoteEmbedderOptions = {}) {
    this.id = `${endpoint.model} at ${new URL(endpoint.url).host}`;
    this.#endpoint = endpoint;
    this.#requestMs = requestMs;
    this.#backoffMs = backoffMs;
  }

  get dimensions(): number | null {
    return this.#dimensions;
  }

  patience(): number {
    return 1_500;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const vectors: Float32Array[] = [];
    for (let from = 0; from < texts.length; from += BATCH) vectors.push(...(await this.#insist(texts.slice(from, from + BATCH), either)));
    return vectors;
  }

  async close(): Promise<void> {
    this.#closing.abort(new EmbedderError('the server stops', true));
  }

  /** Tries again what may pass: after as long as the endpoint asks for, else longer each time, and never all at once. */
  async #insist(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    for (let tries = 1; ; tries++) {
      const attempt = await this.#request(texts, signal);
      if ('vectors' in attempt) return attempt.vectors;
      if (!attempt.failure.mayPass || tries === TRIES) throw attempt.failure;
      const backoff = this.#backoffMs * 2 ** (tries - 1) * (0.5 + Math.random());
      await wait(attempt.waitMs ?? backoff, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  async #request(texts: readonly string[], signal: AbortSignal): Promise<Attempt> {
    const { url, model, key } = this.#endpoint;
    try {
      const response = await fetch(`${url}/embeddings`, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${reveal(key)}` }) },
        // Encoders refuse a text that is empty.
        body: JSON.stringify({ model, input: texts.map((text) => text || ' ') }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#requestMs)]),
      });
      if (response.ok) return this.#read(JSON.parse(await bodyOf(response)), texts.length);
      await response.body?.cancel();
      const { status, headers } = response;
      const mayPass = status === 408 || status === 425 || status === 429 || status >= 500;
      return { failure: new EmbedderError(`the endpoint answered ${status}`, mayPass), waitMs: retryAfter(headers.get('retry-after')) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EmbedderError) return { failure: error, waitMs: null };
      const late = error instanceof Error && error.name === 'TimeoutError';
      const what = error instanceof SyntaxError ? 'answered no JSON' : late ? 'did not answer in time' : 'could not be reached';
      return { failure: new EmbedderError(`the endpoint ${what}`, true), waitMs: null };
    }
  }

  #read(body: unknown, count: number): Attempt {
    const wrong = (what: string): Attempt => ({ failure: new EmbedderError(`the endpoint answered ${what}`, false), waitMs: null });
    const { data, success } = Answer.safeParse(body);
    if (!success) return wrong('something else than embeddings');
    const vectors: Float32Array[] = [];
    for (const { index, embedding } of data.data) if (index < count) vectors[index] = normalized(embedding);
    const length = vectors[0]?.length ?? 0;
    if (vectors.length !== count || vectors.some((vector) => vector.length !== length) || Object.keys(vectors).length !== count)
      return wrong('vectors that do not fit the texts');
    if (vectors.some((vector) => !vector.every(Number.isFinite))) return wrong('vectors of numbers that are too large');
    this.#dimensions = length;
    return { vectors };
  }
}

/** The text of an answer, which may be so long and no longer. */
async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (bytes > MOST_BYTES) throw new EmbedderError('the endpoint answered more than vectors take', false);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString();
}

/** The milliseconds a Retry-After asks for (seconds or a date): at most a minute; null where it says nothing. */
function retryAfter(header: string | null): number | null {
  if (!header) return null;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(60_000, Math.max(0, ms));
}
