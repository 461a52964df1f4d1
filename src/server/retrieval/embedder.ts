/** Turns texts into vectors that are the nearer to each other the more alike the texts' meanings are. */
export interface Embedder {
  /** Names the model: vectors of another one cannot be compared with its own. */
  readonly id: string;
  /** How long its vectors are; null: not known before the first answer. */
  readonly dimensions: number | null;
  /** The vectors of the texts, each of length 1. Calls of few texts (a question) go before those of many. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
  /** Milliseconds that a question may wait for its vector now. */
  patience(): number;
  close(): Promise<void>;
}

/** The embedder failed or answered what it should not. `mayPass`: the same call may succeed later. */
export class EmbedderError extends Error {
  readonly mayPass: boolean;
  constructor(message: string, mayPass: boolean) {
    super(message);
    this.name = 'EmbedderError';
    this.mayPass = mayPass;
  }
}

/** The vector with length 1; one that has no direction stays as it is. */
export function normalized(vector: ArrayLike<number>): Float32Array {
  const one = Float32Array.from(vector);
  const length = Math.hypot(...one);
  return length > 0 ? one.map((x) => x / length) : one;
}
