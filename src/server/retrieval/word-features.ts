import { matchStems } from './match-stems.ts';
import type { QuestionWord } from './question.ts';
import { places, rarity, type WordIndex } from './word-index.ts';

/** A question's word as one index hears it: the stems it may mean there, and how telling it is over all that is searched. */
export interface HeardWord {
  readonly word: QuestionWord;
  readonly stems: ReadonlyMap<string, number>;
  readonly weight: number;
  /** Its part of the question's whole weight. */
  readonly share: number;
}

/** A stem that may be meant: how surely, and how many tables of all that is searched have it. */
interface Meant {
  readonly sure: number;
  readonly tables: number;
}

/**
 * How a question is heard in many indexes. How rare a word is counts over all of them together, so that scores can be compared: first each
 * index is listened to, and only what that tells is kept; then each can be asked for its own, one after another.
 */
export class Hearing {
  readonly #question: readonly QuestionWord[];
  readonly #meant: Map<string, Meant>[];
  #tables = 0;
  #weights: readonly number[] | null = null;

  constructor(question: readonly QuestionWord[]) {
    this.#question = question;
    this.#meant = question.map(() => new Map());
  }

  /** Listens to an index; whether it has any word of the question. */
  listen(index: WordIndex): boolean {
    this.#tables += index.size;
    this.#weights = null;
    let any = false;
    this.#question.forEach((word, q) => {
      for (const [stem, sure] of matchStems(index, word)) {
        const before = this.#meant[q]?.get(stem);
        this.#meant[q]?.set(stem, { sure: Math.max(sure, before?.sure ?? 0), tables: tablesWith(index, stem) + (before?.tables ?? 0) });
        any = true;
      }
    });
    return any;
  }

  /** The question as one of the indexes hears it, once all were listened to. */
  in(index: WordIndex): HeardWord[] {
    const best = this.#meant.map((meant) => highest(meant.values(), ({ sure }) => sure));
    this.#weights ??= this.#meant.map((meant, q) => {
      const least = (best[q] ?? 0) - 0.15;
      return best[q] === 0
        ? 0
        : rarity(
            this.#tables,
            highest(meant.values(), ({ sure, tables }) => (sure >= least ? tables : 0)),
          );
    });
    const weights = this.#weights;
    const total = weights.reduce((sum, weight, q) => sum + weight * Math.max(0.3, best[q] ?? 0), 0) || 1;
    return this.#question.map((word, q) => {
      const weight = weights[q] ?? 0;
      return { word, stems: matchStems(index, word), weight, share: weight / total };
    });
  }
}

function highest(all: Iterable<Meant>, of: (meant: Meant) => number): number {
  let found = 0;
  for (const meant of all) found = Math.max(found, of(meant));
  return found;
}

/** The question as each of these indexes hears it. */
export function hear(question: readonly QuestionWord[], indexes: readonly WordIndex[]): HeardWord[][] {
  const hearing = new Hearing(question);
  for (const index of indexes) hearing.listen(index);
  return indexes.map((index) => hearing.in(index));
}

const tablesWith = (index: WordIndex, stem: string): number => index.tablesWith[index.stems.get(stem) ?? -1] ?? 0;

/** What is measured of every table by its words alone. */
export const wordFeatures = ['coverage', 'nameCoverage', 'nameRecall', 'bm25', 'connectionCoverage', 'connectionWords', 'columns'] as const;
const width = wordFeatures.length;

/** The features of every table (rows of wordFeatures), and for each heard word how well each table has it (0 to 1). */
export interface Measured {
  readonly rows: Float32Array;
  readonly found: readonly Float32Array[];
}

/** Measures all tables of an index against the question. */
export function measure(index: WordIndex, heard: readonly HeardWord[]): Measured {
  const { size } = index;
  const rows = new Float32Array(size * width);
  const nameMatch = new Map<number, number>();
  let [connectionCoverage, connectionWords] = [0, 0];
  const found = heard.map((word) => {
    const has = read(index, word, nameMatch, rows);
    let best = 0;
    for (const strength of has) if (strength > best) best = strength;
    connectionCoverage += word.share * best;
    connectionWords += word.share * Math.max(0, ...[...word.stems].map(([stem, sure]) => sure * (index.about.get(stem) ?? 0)));
    return has;
  });
  for (let t = 0; t < size; t++) {
    rows[t * width + 2] = nameRecall(index, t, nameMatch);
    rows[t * width + 4] = connectionCoverage;
    rows[t * width + 5] = connectionWords;
    rows[t * width + 6] = Math.log1p(index.columns[t] ?? 0) / 4;
  }
  return { rows, found };
}

/** Reads the postings of one heard word: adds its coverage and BM25 to the rows; answers how well each table has it. */
function read(
  index: WordIndex,
  { word, stems, weight, share }: HeardWord,
  nameMatch: Map<number, number>,
  rows: Float32Array,
): Float32Array {
  const { size } = index;
  const [has, inName, frequency] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)];
  for (const [stem, sure] of stems) {
    const id = index.stems.get(stem);
    if (id === undefined) continue;
    nameMatch.set(id, Math.max(sure, nameMatch.get(id) ?? 0));
    const exact = word.stems.get(stem) === 1;
    for (let i = index.start[id] ?? 0; i < (index.start[id + 1] ?? 0); i++) {
      const t = index.table[i] ?? 0;
      const place = places[index.place[i] ?? 0];
      if (!place) continue;
      has[t] = Math.max(has[t] ?? 0, sure * place.strength);
      if (place.place === 'table') inName[t] = Math.max(inName[t] ?? 0, sure);
      if (exact) frequency[t] = (frequency[t] ?? 0) + (index.count[i] ?? 0) * place.frequency;
    }
  }
  for (let t = 0; t < size; t++) {
    if (has[t] === 0) continue;
    const row = t * width;
    rows[row] = (rows[row] ?? 0) + share * (has[t] ?? 0);
    rows[row + 1] = (rows[row + 1] ?? 0) + share * (inName[t] ?? 0);
    rows[row + 3] = (rows[row + 3] ?? 0) + (weight * bm25(frequency[t] ?? 0, (index.length[t] ?? 0) / index.meanLength)) / 10;
  }
  return has;
}

const bm25 = (frequency: number, length: number): number => (frequency * 2.2) / (frequency + 1.2 * (0.25 + 0.75 * length));

/** How much of the table's name the question says. */
function nameRecall(index: WordIndex, t: number, nameMatch: ReadonlyMap<number, number>): number {
  let [said, all] = [0, 0];
  for (let i = index.nameStart[t] ?? 0; i < (index.nameStart[t + 1] ?? 0); i++) {
    const telling = index.nameWeights[i] ?? 0;
    all += telling;
    said += telling * (nameMatch.get(index.nameStems[i] ?? 0) ?? 0);
  }
  return all === 0 ? 0 : said / all;
}
