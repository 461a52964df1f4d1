import { type Embedder, EmbedderError, normalized } from '../../src/server/retrieval/embedder.ts';

/** An embedder on paper: texts with the same letters are near. It counts what it is given, and fails or waits when told to. */
export interface PaperEmbedder extends Embedder {
  readonly given: string[];
  /** Set: every call fails. */
  failing: boolean;
  /** Calls after which it fails; they count down. */
  callsLeft: number;
  /** Waited for before each answer. */
  pace: Promise<unknown>;
}

/** Makes one. */
export function paperEmbedder({ id = 'paper', dimensions = 26 } = {}): PaperEmbedder {
  return {
    id,
    dimensions,
    given: [],
    failing: false,
    callsLeft: Number.POSITIVE_INFINITY,
    pace: Promise.resolve(),
    patience: () => 200,
    async embed(texts, signal) {
      await this.pace;
      signal.throwIfAborted();
      if (this.failing || this.callsLeft-- <= 0) throw new EmbedderError('the paper is torn', true);
      this.given.push(...texts);
      return texts.map((text) => {
        const letters = new Float32Array(dimensions);
        for (const letter of text.toLowerCase().match(/[a-z]/g) ?? []) {
          const at = (letter.charCodeAt(0) - 97) % dimensions;
          letters[at] = (letters[at] ?? 0) + 1;
        }
        return normalized(letters);
      });
    },
    close: async () => {},
  };
}
