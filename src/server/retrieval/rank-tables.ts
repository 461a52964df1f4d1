import { graphFeatures, relate } from './graph-features.ts';
import { readQuestion } from './question.ts';
import { graphWeights, wordWeights } from './ranking-weights.ts';
import { type HeardWord, hear, measure, wordFeatures } from './word-features.ts';
import type { WordIndex } from './word-index.ts';

/** A table that fits a question: which index it is of, its place there, and how well it fits beside the best one, which has 1. */
export interface RankedTable {
  readonly source: number;
  readonly table: number;
  readonly score: number;
}

/** The tables that fit, best first, and how each index heard the question. */
export interface Ranking {
  readonly tables: readonly RankedTable[];
  readonly heard: readonly (readonly HeardWord[])[];
}

const byWords = wordFeatures.map((feature) => wordWeights[feature]);
const amongOthers = graphFeatures.map((feature) => graphWeights[feature]);
const coverage = wordFeatures.indexOf('coverage');
const joinsBest = graphFeatures.indexOf('joinsBest');

/**
 * Ranks the tables of one or several connections. Each connection is judged as a whole: its tables help each other by what they
 * have of the question together and by their foreign keys, never those of another connection.
 */
export function rankTables(question: string, indexes: readonly WordIndex[], limit: number): Ranking {
  const heard = hear(readQuestion(question), indexes);
  const all = indexes.flatMap((index, source) => scoreTables(index, heard[source] ?? [], limit).map((found) => ({ source, ...found })));
  return { tables: bestOf(all, limit), heard };
}

/** The best of all that were scored, each beside the best one. */
export function bestOf<T extends { readonly score: number }>(scored: readonly T[], limit: number): T[] {
  const tables = scored.toSorted((a, b) => b.score - a.score).slice(0, limit);
  const best = tables[0]?.score ?? 0;
  return tables.map((found) => ({ ...found, score: Math.exp((found.score - best) / 2) }));
}

/** The best tables of one index, of those that have a word of the question or are joined to its best table. */
export function scoreTables(index: WordIndex, heard: readonly HeardWord[], limit: number): { table: number; score: number }[] {
  const measured = measure(index, heard);
  const rows = relate(index, heard, measured, weighed(measured.rows, byWords));
  const scores = weighed(rows, amongOthers);
  const best: { table: number; score: number }[] = [];
  let some = false;
  for (let table = 0; table < index.size; table++) {
    const has = (measured.rows[table * byWords.length + coverage] ?? 0) > 0;
    some ||= has;
    if (!has && rows[table * amongOthers.length + joinsBest] !== 1) continue;
    const score = scores[table] ?? 0;
    if (best.length === limit && score <= (best.at(-1)?.score ?? 0)) continue;
    const at = best.findIndex((other) => other.score < score);
    best.splice(at < 0 ? best.length : at, 0, { table, score });
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
