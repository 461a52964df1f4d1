import { graphFeatures, relate } from './graph-features.ts';
import { filled, meaningFeatures, type Nearness, withMeaning } from './meaning-features.ts';
import { readQuestion } from './question.ts';
import { fusedGraphWeights, fusedWeights, graphWeights, wordWeights } from './ranking-weights.ts';
import { type HeardWord, hear, measure, wordFeatures } from './word-features.ts';
import type { WordIndex } from './word-index.ts';

/** A table that fits a question: which index it is of, its place there, and how well it fits beside the best one, which has 1. */
export interface RankedTable {
  readonly source: number;
  readonly table: number;
  readonly score: number;
  /** Whether its meaning alone would have brought it up. */
  readonly meant: boolean;
}

/** The tables that fit, best first, and how each index heard the question. */
export interface Ranking {
  readonly tables: readonly RankedTable[];
  readonly heard: readonly (readonly HeardWord[])[];
}

const byWords = wordFeatures.map((feature) => wordWeights[feature]);
const amongOthers = graphFeatures.map((feature) => graphWeights[feature]);
const byBoth = [...wordFeatures, ...meaningFeatures].map((feature) => fusedWeights[feature]);
const amongOthersByBoth = graphFeatures.map((feature) => fusedGraphWeights[feature]);
const coverage = wordFeatures.indexOf('coverage');
const joinsBest = graphFeatures.indexOf('joinsBest');
/** A table without a word of the question comes up only if it is at least so near to it. */
const nearEnough = 0.35;

/**
 * Ranks the tables of one or several connections: by their words, and by their vectors too where it is given how near those are. Each
 * connection is judged as a whole: its tables help each other by what they have of the question together and by their foreign keys,
 * never those of another connection.
 */
export function rankTables(question: string, indexes: readonly WordIndex[], limit: number, nearness: Nearness = []): Ranking {
  const heard = hear(readQuestion(question), indexes);
  const near = filled(
    nearness,
    indexes.map(({ size }) => size),
  );
  const all = indexes.flatMap((index, source) =>
    scoreTables(index, heard[source] ?? [], limit, near?.[source] ?? null).map((found) => ({ source, ...found })),
  );
  const tables = all.sort((a, b) => b.score - a.score).slice(0, limit);
  const best = tables[0]?.score ?? 0;
  return { tables: tables.map((found) => ({ ...found, score: Math.exp((found.score - best) / 2) })), heard };
}

/** The best tables of one index, of those that have a word of the question, are near to it, or are joined to the best one. */
function scoreTables(
  index: WordIndex,
  heard: readonly HeardWord[],
  limit: number,
  near: Float32Array | null,
): Omit<RankedTable, 'source'>[] {
  const measured = measure(index, heard);
  const first = near ? weighed(withMeaning(measured.rows, near), byBoth) : weighed(measured.rows, byWords);
  const rows = relate(index, heard, measured, first);
  const scores = weighed(rows, near ? amongOthersByBoth : amongOthers);
  const best: Omit<RankedTable, 'source'>[] = [];
  let some = false;
  for (let table = 0; table < index.size; table++) {
    const meant = (near?.[table] ?? 0) >= nearEnough;
    const fits = meant || (measured.rows[table * byWords.length + coverage] ?? 0) > 0;
    some ||= fits;
    if (!fits && rows[table * amongOthers.length + joinsBest] !== 1) continue;
    const score = scores[table] ?? 0;
    if (best.length === limit && score <= (best.at(-1)?.score ?? 0)) continue;
    const at = best.findIndex((other) => other.score < score);
    best.splice(at < 0 ? best.length : at, 0, { table, score, meant });
    best.length = Math.min(best.length, limit);
  }
  return some ? best : [];
}

/** The sum of each row's features by their weights. */
export function weighed(rows: Float32Array, weights: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(rows.length / weights.length);
  for (let t = 0, at = 0; t < scores.length; t++) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += (weights[k] ?? 0) * (rows[at++] ?? 0);
    scores[t] = sum;
  }
  return scores;
}
