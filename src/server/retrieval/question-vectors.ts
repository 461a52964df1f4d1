import type { Embedder } from './embedder.ts';

/** Questions whose vectors are remembered. */
const MOST = 500;
/** After so many questions in a row that waited in vain, none waits for a while. */
const PATIENT = 3;
const PAUSE_MS = 30_000;
/** What is not answered after this is given up; what comes in between is there for the next time. */
const LONGEST_MS = 20_000;

/** The vectors of questions: of those asked lately at once, of others if the embedder is quick enough. */
export class QuestionVectors {
  readonly #embedder: Embedder;
  /** In the order of their use. */
  readonly #known = new Map<string, Promise<Float32Array | null>>();
  #inVain = 0;
  #pausedUntil = 0;

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /** The vector of a question; null when it cannot be had in time: then words alone answer. */
  async vectorOf(question: string): Promise<Float32Array | null> {
    const known = this.#known.get(question);
    if (!known && performance.now() < this.#pausedUntil) return null;
    this.#known.delete(question);
    const asked = known ?? this.#ask(question);
    this.#known.set(question, asked);
    for (const oldest of this.#known.keys()) if (this.#known.size > MOST) this.#known.delete(oldest);
    const vector = await Promise.race([asked, tooLate(this.#embedder.patience())]);
    this.#inVain = vector ? 0 : this.#inVain + 1;
    if (this.#inVain >= PATIENT) {
      this.#inVain = 0;
      this.#pausedUntil = performance.now() + PAUSE_MS;
    }
    return vector;
  }

  /** Goes on when nobody waits any more; what failed is forgotten. */
  async #ask(question: string): Promise<Float32Array | null> {
    try {
      const [vector = null] = await this.#embedder.embed([question], AbortSignal.timeout(LONGEST_MS));
      return vector;
    } catch {
      this.#known.delete(question);
      return null;
    }
  }
}

const tooLate = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(resolve, ms, null).unref());
