import { matchStems } from './match-stems.ts';
import type { QuestionWord } from './question.ts';
import { rarity, type WordIndex } from './word-index.ts';

/** The stems that a question's word may mean in an index, each with how surely (0 to 1). */
export type Stems = ReadonlyMap<string, number>;

/** A question's word as one index hears it: the stems it may mean there, and how telling it is over all that is searched. */
export interface HeardWord {
  readonly word: QuestionWord;
  readonly stems: Stems;
  readonly weight: number;
  /** Its part of the question's whole weight. */
  readonly share: number;
}

/** The stems of an index for each word of a question. */
export const stemsOf = (question: readonly QuestionWord[], index: WordIndex): Stems[] => question.map((word) => matchStems(index, word));

/**
 * How telling the words of a question are. How rare a word is counts over all indexes together, so that scores can be compared; of each index
 * only the counts are kept, so that none has to be at hand when the next one is counted.
 */
export class Hearing {
  readonly #question: readonly QuestionWord[];
  /** For each word, stem and how surely it is meant: how many tables have it. An index may be surer of a stem than another. */
  readonly #counts: readonly Map<string, Map<number, number>>[];
  #tables = 0;
  #telling: readonly { readonly weight: number; readonly share: number }[] | null = null;

  constructor(question: readonly QuestionWord[]) {
    this.#question = question;
    this.#counts = question.map(() => new Map());
  }

  /** Counts an index, once each. */
  count(index: WordIndex, stems: readonly Stems[]): void {
    this.#tables += index.size;
    this.#telling = null;
    this.#counts.forEach((counts, q) => {
      for (const [stem, sure] of stems[q] ?? []) {
        const bySurety = counts.get(stem) ?? new Map<number, number>();
        bySurety.set(sure, (bySurety.get(sure) ?? 0) + tablesWith(index, stem));
        counts.set(stem, bySurety);
      }
    });
  }

  /** The question as an index with these stems hears it, once all were counted. */
  heard(stems: readonly Stems[]): HeardWord[] {
    this.#telling ??= this.#weigh();
    const telling = this.#telling;
    return this.#question.map((word, q) => ({
      word,
      stems: stems[q] ?? new Map(),
      weight: telling[q]?.weight ?? 0,
      share: telling[q]?.share ?? 0,
    }));
  }

  #weigh() {
    const words = this.#counts.map((counts) => {
      let [best, having] = [0, 0];
      for (const bySurety of counts.values()) for (const sure of bySurety.keys()) best = Math.max(best, sure);
      for (const bySurety of counts.values()) {
        let tables = 0;
        for (const [sure, count] of bySurety) if (sure >= best - 0.15) tables += count;
        having = Math.max(having, tables);
      }
      return { best, weight: best === 0 ? 0 : rarity(this.#tables, having) };
    });
    const total = words.reduce((sum, { weight, best }) => sum + weight * Math.max(0.3, best), 0) || 1;
    return words.map(({ weight }) => ({ weight, share: weight / total }));
  }
}

/** The question as each of these indexes hears it. */
export function hear(question: readonly QuestionWord[], indexes: readonly WordIndex[]): HeardWord[][] {
  const hearing = new Hearing(question);
  const stems = indexes.map((index) => stemsOf(question, index));
  indexes.forEach((index, i) => {
    hearing.count(index, stems[i] ?? []);
  });
  return stems.map((own) => hearing.heard(own));
}

const tablesWith = (index: WordIndex, stem: string): number => index.tablesWith[index.stems.get(stem) ?? -1] ?? 0;
