import { neighboursOf, walk } from './foreign-keys.ts';
import type { HeardWord } from './hearing.ts';
import type { Measured } from './word-features.ts';
import type { WordIndex } from './word-index.ts';

/** What is measured of every table among the others of its connection, once each has a score by its words. */
export const graphFeatures = [
  'words',
  'behindBest',
  'isBest',
  'bestNeighbour',
  'adds',
  'joinsBest',
  'degree',
  'referredBy',
  'oneStep',
  'twoSteps',
  'size',
] as const;

/** The second look: what each table adds to the best one, and how it is joined to it and to other good ones. Rows of graphFeatures. */
export function relate(index: WordIndex, heard: readonly HeardWord[], { found }: Measured, scores: Float64Array): Float32Array {
  const { size, graph } = index;
  const rows = new Float32Array(size * graphFeatures.length);
  const best = scores.reduce((highest, score, t) => (score > (scores[highest] ?? Number.NEGATIVE_INFINITY) ? t : highest), 0);
  const top = scores[best] ?? 0;
  const joinsBest = new Set(neighboursOf(graph, best));
  const adds = gainOver(best, size, heard, found);
  const shares = scores.map((score) => Math.exp(Math.max(-8, score - top) * 0.7));
  const mass = shares.reduce((sum, share) => sum + share, 0);
  const oneStep = walk(
    graph,
    shares.map((share) => share / mass),
  );
  const twoSteps = walk(graph, oneStep);
  for (let t = 0, at = 0; t < size; t++) {
    const [from, to] = [graph.start[t] ?? 0, graph.start[t + 1] ?? 0];
    let bestNeighbour = -6;
    for (let i = from; i < to; i++) bestNeighbour = Math.max(bestNeighbour, (scores[graph.neighbours[i] ?? 0] ?? 0) - top);
    const score = scores[t] ?? 0;
    rows[at++] = score;
    rows[at++] = score - top;
    rows[at++] = t === best ? 1 : 0;
    rows[at++] = bestNeighbour / 3;
    rows[at++] = adds[t] ?? 0;
    rows[at++] = joinsBest.has(t) ? 1 : 0;
    rows[at++] = Math.log1p(to - from);
    rows[at++] = Math.log1p(graph.referredBy[t] ?? 0);
    rows[at++] = oneStep[t] ?? 0;
    rows[at++] = twoSteps[t] ?? 0;
    rows[at++] = Math.log(size) / 4;
  }
  return rows;
}

/** What each table finds of the question that the best one does not. */
function gainOver(best: number, size: number, heard: readonly HeardWord[], found: readonly Float32Array[]): Float32Array {
  const gain = new Float32Array(size);
  found.forEach((has, q) => {
    const known = has[best] ?? 0;
    const share = heard[q]?.share ?? 0;
    for (let t = 0; t < size; t++) if ((has[t] ?? 0) > known) gain[t] = (gain[t] ?? 0) + ((has[t] ?? 0) - known) * share;
  });
  return gain;
}
