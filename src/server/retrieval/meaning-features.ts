import { wordFeatures } from './word-features.ts';

/** What is measured of every table by its vectors, beside its words: how near it is to the question, and the nearest of its connection. */
export const meaningFeatures = ['meaning', 'connectionMeaning'] as const;

/** How near the tables of an index are to the question; NaN where one has no vectors, null where none has. */
export type Nearness = Float32Array | null;

/** How near all tables with vectors are on average: those without, beside them, are taken to be as near as that. */
export class MeanNearness {
  #sum = 0;
  #known = 0;

  /** Counts the tables of an index, once each. */
  count(near: Nearness): void {
    for (const cosine of near ?? []) {
      if (Number.isNaN(cosine)) continue;
      this.#sum += cosine;
      this.#known++;
    }
  }

  /** Null: no table has vectors. */
  get mean(): number | null {
    return this.#known === 0 ? null : this.#sum / this.#known;
  }

  /** How near each table of an index is, once all were counted; null where no table of any index has vectors. */
  filled(near: Nearness, size: number): Float32Array | null {
    const { mean } = this;
    if (mean === null) return null;
    return near?.map((cosine) => (Number.isNaN(cosine) ? mean : cosine)) ?? new Float32Array(size).fill(mean);
  }
}

/** Rows of wordFeatures, each followed by its meaningFeatures. */
export function withMeaning(words: Float32Array, near: Float32Array): Float32Array {
  const width = wordFeatures.length + meaningFeatures.length;
  const rows = new Float32Array(near.length * width);
  let nearest = -1;
  for (const cosine of near) if (cosine > nearest) nearest = cosine;
  for (let t = 0; t < near.length; t++) {
    rows.set(words.subarray(t * wordFeatures.length, (t + 1) * wordFeatures.length), t * width);
    rows[t * width + wordFeatures.length] = near[t] ?? 0;
    rows[t * width + wordFeatures.length + 1] = nearest;
  }
  return rows;
}
