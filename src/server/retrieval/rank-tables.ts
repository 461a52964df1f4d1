import { graphFeatures, relate } from './graph-features.ts';
import { type HeardWord, Hearing, type Stems, stemsOf } from './hearing.ts';
import { MeanNearness, meaningFeatures, type Nearness, withMeaning } from './meaning-features.ts';
import { type QuestionWord, readQuestion } from './question.ts';
import { fusedGraphWeights, fusedWeights, graphWeights, wordWeights } from './ranking-weights.ts';
import { measure, wordFeatures } from './word-features.ts';
import type { WordIndex } from './word-index.ts';

/** A table that fits a question: which index it is of, its place there, and how well it fits beside the best one, which has 1. */
export interface RankedTable {
  readonly source: number;
  readonly table: number;
  readonly score: number;
  /** Whether its meaning alone would have brought it up. */
  readonly meant: boolean;
}

/** The tables that fit, best first, and how the indexes that they are of heard the question. */
export interface Ranking {
  readonly tables: readonly RankedTable[];
  readonly heard: ReadonlyMap<number, readonly HeardWord[]>;
}

/** An index at hand, and what it has of the question. */
export interface Look {
  readonly index: WordIndex;
  readonly stems: readonly Stems[];
  readonly near: Nearness;
}

/** What is kept of an index that was counted: enough to know, without it, whether any of its tables can fit. */
export interface Prospect {
  readonly words: boolean;
  readonly nearest: number;
  /** Whether it has tables without vectors: they may be as near as the mean. */
  readonly lacking: boolean;
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
 * never those of another connection. Only one index has to be at hand at a time: first each is counted, since how telling a word is and
 * what is near hangs on all of them, then those that may have a table that fits are scored, from the last to the first.
 */
export class Ranker {
  readonly #question: readonly QuestionWord[];
  readonly #limit: number;
  readonly #hearing: Hearing;
  readonly #mean = new MeanNearness();
  readonly #heard = new Map<number, readonly HeardWord[]>();
  #best: RankedTable[] = [];

  constructor(question: string, limit: number) {
    this.#question = readQuestion(question);
    this.#limit = limit;
    this.#hearing = new Hearing(this.#question);
  }

  look(index: WordIndex, near: Nearness): Look {
    return { index, stems: stemsOf(this.#question, index), near };
  }

  /** First: each index, once. */
  count({ index, stems, near }: Look): Prospect {
    this.#hearing.count(index, stems);
    this.#mean.count(near);
    let [nearest, lacking] = [Number.NEGATIVE_INFINITY, near === null];
    for (const cosine of near ?? []) {
      if (cosine > nearest) nearest = cosine;
      lacking ||= Number.isNaN(cosine);
    }
    return { words: stems.some(({ size }) => size > 0), nearest, lacking };
  }

  /** Once all were counted: whether an index has to be scored at all. */
  mayFit({ words, nearest, lacking }: Prospect): boolean {
    return words || nearest >= nearEnough || (lacking && (this.#mean.mean ?? 0) >= nearEnough);
  }

  /** Second: each index that may fit, from the last source to the first. */
  score(source: number, { index, stems, near }: Look): void {
    const heard = this.#hearing.heard(stems);
    const scored = scoreTables(index, heard, this.#limit, this.#mean.filled(near, index.size)).map((found) => ({ source, ...found }));
    // Of equally good ones those of the earlier source stay first.
    this.#best = [...scored, ...this.#best].sort((a, b) => b.score - a.score).slice(0, this.#limit);
    this.#heard.set(source, heard);
    for (const other of this.#heard.keys()) if (!this.#best.some((table) => table.source === other)) this.#heard.delete(other);
  }

  get ranking(): Ranking {
    const best = this.#best[0]?.score ?? 0;
    return { tables: this.#best.map((found) => ({ ...found, score: Math.exp((found.score - best) / 2) })), heard: this.#heard };
  }
}

/** Ranks the tables of indexes that are all at hand. */
export function rankTables(question: string, indexes: readonly WordIndex[], limit: number, nearness: readonly Nearness[] = []): Ranking {
  const ranker = new Ranker(question, limit);
  const looks = indexes.map((index, source) => ranker.look(index, nearness[source] ?? null));
  const prospects = looks.map((look) => ranker.count(look));
  for (const [source, look] of [...looks.entries()].reverse()) {
    const prospect = prospects[source];
    if (prospect && ranker.mayFit(prospect)) ranker.score(source, look);
  }
  return ranker.ranking;
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
