import type { graphFeatures } from './graph-features.ts';
import type { meaningFeatures } from './meaning-features.ts';
import type { wordFeatures } from './word-features.ts';

/** How much each feature of a table's words counts: fitted by bench/fit-retrieval.ts on the training parts of Spider and BIRD. */
export const wordWeights: Record<(typeof wordFeatures)[number], number> = {
  coverage: 4.18,
  nameCoverage: -1.95,
  nameRecall: 1.96,
  bm25: 1.99,
  connectionCoverage: 4.6,
  connectionWords: 2.49,
  columns: -0.67,
};

/** How much each feature of a table among the others counts: fitted likewise. */
export const graphWeights: Record<(typeof graphFeatures)[number], number> = {
  words: 1.06,
  behindBest: -0.31,
  isBest: 0.9,
  bestNeighbour: 0.37,
  adds: 2.99,
  joinsBest: 0.79,
  degree: -0.75,
  referredBy: 0.38,
  oneStep: 1.23,
  twoSteps: 0.74,
  size: -1.25,
};

/**
 * The same where the tables have vectors: words and meaning together. Fitted likewise, but `meaning` is half of what was fitted (6.51):
 * databases in use have names less telling than those of Spider, and there (BIRD, BEAVER) half of it found more.
 */
export const fusedWeights: Record<(typeof wordFeatures)[number] | (typeof meaningFeatures)[number], number> = {
  coverage: 3.6,
  nameCoverage: -2.24,
  nameRecall: 1.56,
  bm25: 1.42,
  connectionCoverage: 3.87,
  connectionWords: 2.01,
  columns: -0.42,
  meaning: 3.25,
  connectionMeaning: 6.51,
};

/** The same after them. */
export const fusedGraphWeights: Record<(typeof graphFeatures)[number], number> = {
  words: 1.04,
  behindBest: -0.27,
  isBest: 1.11,
  bestNeighbour: 0.36,
  adds: 4.1,
  joinsBest: 0.84,
  degree: -0.71,
  referredBy: 0.36,
  oneStep: 1.17,
  twoSteps: 0.41,
  size: -1.72,
};
