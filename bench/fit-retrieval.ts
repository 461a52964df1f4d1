/**
 * Fits the weights of src/server/retrieval/ranking-weights.ts and prints them.
 *   node bench/fit-retrieval.ts <folder of the benchmark data> [questions of each copy] [where vectors are kept]
 * Without vectors it fits the weights of words alone; with them (the encoder has to embed all texts once, which takes long) those
 * of words and vectors together.
 * Trains on the training parts of Spider, Spider-Syn and BIRD only. Each is seen as separate databases and as a few large
 * ones thrown together, BIRD also without comments, so that the weights hold for small and large, described and bare schemas.
 */

import { graphFeatures, relate } from '../src/server/retrieval/graph-features.ts';
import { type HeardWord, hear } from '../src/server/retrieval/hearing.ts';
import { meaningFeatures, withMeaning } from '../src/server/retrieval/meaning-features.ts';
import type { Passage } from '../src/server/retrieval/passage.ts';
import { readQuestion } from '../src/server/retrieval/question.ts';
import { weighed } from '../src/server/retrieval/rank-tables.ts';
import { textOfNames } from '../src/server/retrieval/table-texts.ts';
import { measure, wordFeatures } from '../src/server/retrieval/word-features.ts';
import { indexWords, type WordIndex } from '../src/server/retrieval/word-index.ts';
import { KeptVectors } from './kept-vectors.ts';
import { type Benchmark, goldOf, passagesOf, readBenchmark } from './retrieval-data.ts';
import { random, shuffled } from './shuffled.ts';

/** A question's candidates: rows of features, and which rows are right. */
interface Example {
  readonly rows: Float32Array;
  readonly right: readonly number[];
}

const [folder = '', each = '450', place] = process.argv.slice(2);
const vectors = place ? new KeptVectors(place) : null;
const firstFeatures: readonly string[] = vectors ? [...wordFeatures, ...meaningFeatures] : wordFeatures;

/** Databases thrown together at random into `count` large ones; null: as they are. */
function group(passages: ReadonlyMap<string, Passage[]>, count: number | null, seed: number): Map<string, Passage[]> {
  const next = random(seed);
  const groups = new Map<string, Passage[]>();
  [...passages].forEach(([name, list], i) => {
    const key = count === null ? name : `${Math.floor(next() * count)}`;
    const placed = list.map((passage) => ({
      ...passage,
      schema: `${i}`,
      refersTo: passage.refersTo.map((to) => ({ ...to, schema: `${i}` })),
    }));
    groups.set(key, [...(groups.get(key) ?? []), ...placed]);
  });
  return groups;
}

const bare = (passages: ReadonlyMap<string, Passage[]>): Map<string, Passage[]> =>
  new Map(
    [...passages].map(([name, list]) => [
      name,
      list.map((p) => ({ ...p, columns: p.columns.map((column) => ({ ...column, comment: [] })) })),
    ]),
  );

interface Copy {
  readonly indexes: readonly WordIndex[];
  readonly tableOf: ReadonlyMap<string, number>;
  readonly questions: Benchmark['questions'];
  /** What is embedded of the tables of each index. */
  readonly texts: readonly (readonly string[])[];
}

function copyOf(name: string, part: string, count: number | null, turn: number, options: { bare?: boolean; portion?: number } = {}): Copy {
  const benchmark = readBenchmark(folder, name, part);
  const passages = options.bare ? bare(passagesOf(benchmark)) : passagesOf(benchmark);
  const groups = group(passages, count, turn + 3);
  const names = [...passages.keys()];
  const tableOf = new Map([...groups.values()].flat().map((passage, i) => [`${names[Number(passage.schema)]}|${passage.table}`, i]));
  // Databases thrown together have no name that would tell anything.
  const indexes = [...groups].map(([key, list]) => indexWords(list, { name: count === null ? key : '', description: '' }));
  const n = Number(each);
  const documents = new Map([...benchmark.databases].flatMap(([db, list]) => list.map((table) => [`${db}|${table.name}`, table] as const)));
  const textOf = ({ schema, table }: Passage) => {
    const document = documents.get(`${names[Number(schema)]}|${table}`);
    return document ? textOfNames(document) : '';
  };
  const texts = [...groups.values()].map((list) => list.map(textOf));
  return {
    indexes,
    tableOf,
    texts,
    questions: shuffled(benchmark.questions, 12_345).slice(turn * n, turn * n + n * (options.portion ?? 1)),
  };
}

/** A question of a copy, and the tables it needs. */
interface Asked {
  readonly indexes: readonly WordIndex[];
  readonly gold: readonly number[];
  readonly heard: readonly HeardWord[][];
  readonly near: readonly Float32Array[] | null;
}

/** All tables of all databases of a copy, measured for one question. */
function rowsOf({ indexes, heard, near }: Asked, firstWeights: ArrayLike<number> | null): Float32Array {
  const parts = indexes.map((index, i) => {
    const measured = measure(index, heard[i] ?? []);
    const nearness = near?.[i];
    const rows = nearness ? withMeaning(measured.rows, nearness) : measured.rows;
    return firstWeights ? relate(index, heard[i] ?? [], measured, weighed(rows, firstWeights)) : rows;
  });
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The right tables and the wrong ones that look best. */
function example(rows: Float32Array, width: number, guess: ArrayLike<number>, gold: readonly number[], wrong: number): Example {
  const scores = weighed(rows, guess);
  const right = new Set(gold);
  const rest = [...scores.keys()]
    .filter((t) => !right.has(t))
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
    .slice(0, wrong);
  const picked = new Float32Array((gold.length + rest.length) * width);
  [...gold, ...rest].forEach((t, i) => {
    picked.set(rows.subarray(t * width, (t + 1) * width), i * width);
  });
  return { rows: picked, right: gold.map((_, i) => i) };
}

/** Listwise softmax, each right row against all wrong ones, by Adam. */
function train(examples: readonly Example[], width: number, epochs = 20): Float64Array {
  const [weights, mean, square] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(examples, epoch + 1);
    for (let from = 0; from < order.length; from += 32) {
      const batch = order.slice(from, from + 32);
      const slope = new Float64Array(width);
      for (const { rows, right } of batch) {
        const scores = weighed(rows, weights);
        const top = Math.max(...scores);
        const mass = scores.map((s) => Math.exp(s - top));
        const wrong = mass.subarray(right.length).reduce((sum, m) => sum + m, 0);
        const push = (row: number, by: number) => {
          for (let k = 0; k < width; k++) slope[k] = (slope[k] ?? 0) + by * (rows[row * width + k] ?? 0);
        };
        for (const row of right) {
          const all = wrong + (mass[row] ?? 0);
          push(row, -(1 - (mass[row] ?? 0) / all) / right.length);
          for (let other = right.length; other < mass.length; other++) push(other, (mass[other] ?? 0) / all / right.length);
        }
      }
      step++;
      const rate = 0.05 * (epoch > epochs * 0.7 ? 0.2 : 1);
      for (let k = 0; k < width; k++) {
        const g = (slope[k] ?? 0) / batch.length + 1e-4 * (weights[k] ?? 0);
        mean[k] = 0.9 * (mean[k] ?? 0) + 0.1 * g;
        square[k] = 0.999 * (square[k] ?? 0) + 0.001 * g * g;
        weights[k] =
          (weights[k] ?? 0) - (rate * ((mean[k] ?? 0) / (1 - 0.9 ** step))) / (Math.sqrt((square[k] ?? 0) / (1 - 0.999 ** step)) + 1e-8);
      }
    }
  }
  return weights;
}

const copies = [
  copyOf('spider', 'train', null, 0),
  copyOf('bird', 'train', null, 0),
  copyOf('spider', 'train', 40, 1),
  copyOf('bird', 'train', 20, 1),
  copyOf('spider', 'train', 12, 2),
  copyOf('bird', 'train', 8, 2),
  copyOf('spider', 'syntrain', null, 0),
  copyOf('spider', 'syntrain', 20, 1),
  copyOf('bird', 'train', null, 3, { bare: true, portion: 0.5 }),
];
if (vectors) {
  const texts = copies.flatMap((copy) => [...copy.texts.flat(), ...copy.questions.map(({ question }) => question)]);
  await vectors.learn(texts, (done, total) => console.log(`${done} of ${total} texts embedded`));
}
const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0);
const nearness = (texts: Copy['texts'], question: string): Float32Array[] | null => {
  const vector = vectors?.get(question);
  return vector ? texts.map((list) => Float32Array.from(list, (text) => cosine(vector, vectors?.get(text) ?? vector))) : null;
};
const asked = copies.flatMap(({ indexes, tableOf, questions, texts }) =>
  questions.flatMap((question): Asked[] => {
    const gold = goldOf(question).flatMap((table) => tableOf.get(table) ?? []);
    if (gold.length === 0) return [];
    return [{ indexes, gold, heard: hear(readQuestion(question.question), indexes), near: nearness(texts, question.question) }];
  }),
);
const first = firstFeatures.map((feature) => ({ coverage: 1, nameRecall: 0.5, connectionCoverage: 0.5, bm25: 0.3 })[feature] ?? 0);
const firstWeights = train(
  asked.map((one) => example(rowsOf(one, null), firstFeatures.length, first, one.gold, 60)),
  firstFeatures.length,
);
const byFirst = graphFeatures.map((feature) => (feature === 'words' ? 1 : 0));
const graphWeights = train(
  asked.map((one) => example(rowsOf(one, firstWeights), graphFeatures.length, byFirst, one.gold, 40)),
  graphFeatures.length,
);
const shown = (names: readonly string[], weights: Float64Array) =>
  names.map((name, k) => `  ${name}: ${(weights[k] ?? 0).toFixed(2)},`).join('\n');
console.log(`words\n${shown(firstFeatures, firstWeights)}\ngraph\n${shown(graphFeatures, graphWeights)}`);
