import { wordFeatures } from './word-features.ts';

/** What is measured of every table by its vectors, beside its words: how near it is to the question, and the nearest of its connection. */
export const meaningFeatures = ['meaning', 'connectionMeaning'] as const;

/** How near the tables of each index are to the question; null or NaN where there are no vectors. */
export type Nearness = readonly (Float32Array | null)[];

/** Tables without vectors beside others that have them are taken to be as near as those are on average. Null: none has any. */
export function filled(nearness: Nearness, sizes: readonly number[]): Float32Array[] | null {
  let [sum, known] = [0, 0];
  for (const near of nearness) {
    for (const cosine of near ?? []) {
      if (Number.isNaN(cosine)) continue;
      sum += cosine;
      known++;
    }
  }
  if (known === 0) return null;
  const mean = sum / known;
  return sizes.map((size, i) => nearness[i]?.map((cosine) => (Number.isNaN(cosine) ? mean : cosine)) ?? new Float32Array(size).fill(mean));
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
