import { type ChildProcess, fork } from 'node:child_process';
import { type Embedder, EmbedderError, normalized } from './embedder.ts';
import type { EmbedAnswer, EmbedRequest } from './local-embedder-process.ts';

/** Texts of one batch, and letters of it: larger ones are no faster and keep a question waiting longer. */
const BATCH = 16;
const LETTERS = 2_000;
const DIMENSIONS = 512;
/** Tries of a batch: the process is killed when one takes too long, and started anew. */
const TRIES = 3;

/** A call under way: its texts by length, and the vectors so far. */
interface Call {
  readonly texts: readonly string[];
  readonly order: readonly number[];
  readonly vectors: Float32Array[];
  readonly signal: AbortSignal;
  done: number;
  resolve(vectors: Float32Array[]): void;
  reject(error: unknown): void;
}

/** For tests: how long a process may idle and a batch may take, and another program than the encoder's. */
export interface LocalEmbedderOptions {
  readonly idleMs?: number;
  readonly batchMs?: number;
  readonly program?: URL;
}

/** The sentence encoder in a child process, which starts with the first text and ends when there was none for a while. */
export class LocalEmbedder implements Embedder {
  readonly id = 'use-lite-en';
  readonly dimensions = DIMENSIONS;
  readonly #idleMs: number;
  readonly #batchMs: number;
  readonly #program: URL;
  readonly #calls: Call[] = [];
  #child: ChildProcess | undefined;
  #warm = false;
  #working = false;
  #next = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor({ idleMs = 60_000, batchMs = 30_000, program }: LocalEmbedderOptions = {}) {
    this.#idleMs = idleMs;
    this.#batchMs = batchMs;
    // The program's file ends as this one does: .ts in the repository, .js in the package.
    this.#program = program ?? new URL(`./local-embedder-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  }

  /** The process id of the encoder while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  patience(): number {
    return this.#warm ? 400 : 2_000;
  }

  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    if (texts.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      // Texts of one batch are padded to the longest of them: alike ones together waste least.
      const order = [...texts.keys()].sort((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0));
      this.#calls.push({ texts, order, vectors: [], signal, done: 0, resolve, reject });
      void this.#work();
    });
  }

  async close(): Promise<void> {
    this.#end();
    for (const call of this.#calls.splice(0)) call.reject(new EmbedderError('the server stops', true));
  }

  /** Works batch by batch, always for the call that has least left. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    clearTimeout(this.#idle);
    for (let call = this.#first(); call; call = this.#first()) await this.#advance(call);
    this.#working = false;
    this.#hold(false);
    this.#idle = setTimeout(() => this.#end(), this.#idleMs).unref();
  }

  #first(): Call | undefined {
    for (const call of this.#calls.filter(({ signal }) => signal.aborted)) this.#settle(call, () => call.reject(call.signal.reason));
    return this.#calls.reduce<Call | undefined>(
      (least, call) => (least && least.texts.length - least.done <= call.texts.length - call.done ? least : call),
      undefined,
    );
  }

  async #advance(call: Call): Promise<void> {
    const places = nextBatch(call);
    try {
      const vectors = await this.#embedBatch(places.map((place) => call.texts[place] ?? ''));
      places.forEach((place, i) => {
        call.vectors[place] = normalized(vectors.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS));
      });
      call.done += places.length;
      if (call.done === call.texts.length) this.#settle(call, () => call.resolve(call.vectors));
    } catch (error) {
      this.#settle(call, () => call.reject(error));
    }
  }

  #settle(call: Call, how: () => void): void {
    const at = this.#calls.indexOf(call);
    if (at < 0) return;
    this.#calls.splice(at, 1);
    how();
  }

  async #embedBatch(texts: readonly string[]): Promise<Float32Array> {
    for (let left = TRIES; left > 0; left--) {
      const vectors = await this.#ask(this.#started(), texts);
      if (vectors?.length === texts.length * DIMENSIONS) {
        this.#warm = true;
        return vectors;
      }
      this.#end();
    }
    throw new EmbedderError('the encoder did not answer', true);
  }

  #started(): ChildProcess {
    // Nothing of the server's environment is for the encoder.
    this.#child ??= fork(this.#program, [], {
      env: {},
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#hold(true);
    return this.#child;
  }

  /** The answer of the process; null when it failed, ended or took too long. */
  #ask(child: ChildProcess, texts: readonly string[]): Promise<Float32Array | null> {
    const id = this.#next++;
    return new Promise((resolve) => {
      const end = (vectors: Float32Array | null): void => {
        clearTimeout(late);
        child.off('message', hear).off('exit', gone).off('error', gone);
        resolve(vectors);
      };
      const hear = (answer: EmbedAnswer): void => {
        if (answer.id === id) end(answer.vectors);
      };
      const gone = (): void => end(null);
      const late = setTimeout(gone, this.#batchMs);
      child.on('message', hear).on('exit', gone).on('error', gone);
      child.send({ id, texts } satisfies EmbedRequest, (error) => {
        if (error) gone();
      });
    });
  }

  /** Whether the encoder keeps our own process alive: only while it is waited for. */
  #hold(held: boolean): void {
    this.#child?.[held ? 'ref' : 'unref']();
    this.#child?.channel?.[held ? 'ref' : 'unref']();
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#child?.on('error', () => {});
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#warm = false;
  }
}

/** The next texts of a call by length: at least one. */
function nextBatch({ texts, order, done }: Call): readonly number[] {
  let [end, letters] = [done, 0];
  while (end < order.length && end - done < BATCH) {
    letters += texts[order[end] ?? 0]?.length ?? 0;
    if (letters > LETTERS && end > done) break;
    end++;
  }
  return order.slice(done, end);
}
