import { abbreviations } from './abbreviations.ts';
import { type ForeignKeyGraph, graphOf } from './foreign-keys.ts';
import type { Passage } from './passage.ts';
import { Postings } from './postings.ts';
import { stopWords } from './stop-words.ts';
import { splitWords, stemOf } from './words.ts';

/** Where a word can stand: how much one found there says about its table, and how much it counts in BM25. */
export const places = [
  { place: 'table', strength: 1, frequency: 1 },
  { place: 'column', strength: 0.9, frequency: 1 },
  { place: 'comment', strength: 0.8, frequency: 1 },
  { place: 'columnComment', strength: 0.6, frequency: 1 },
  { place: 'value', strength: 0.6, frequency: 0.5 },
  { place: 'schema', strength: 0.4, frequency: 0 },
] as const;
const [inTable, inColumn, inComment, inColumnComment, inValue, inSchema] = [0, 1, 2, 3, 4, 5];

/** The words of the tables of one connection, inverted: for each stem the tables and places where it stands. */
export interface WordIndex {
  readonly size: number;
  readonly stems: ReadonlyMap<string, number>;
  /** Stems in order, for those that begin alike. */
  readonly sorted: readonly string[];
  /** Ends of longer stems in order, each followed by a space and the stem, for names written together (countrylanguage). */
  readonly tails: readonly string[];
  /** Postings of stem s: from start[s] to start[s + 1], by table. */
  readonly start: Uint32Array;
  readonly table: Uint32Array;
  readonly place: Uint8Array;
  readonly count: Uint8Array;
  /** How many tables have the stem anywhere. */
  readonly tablesWith: Uint32Array;
  /** The stems of the name of table t, from nameStart[t] to nameStart[t + 1], and how telling each is. */
  readonly nameStart: Uint32Array;
  readonly nameStems: Uint32Array;
  readonly nameWeights: Float32Array;
  readonly columns: Uint16Array;
  readonly length: Float32Array;
  readonly meanLength: number;
  /** Stems of the connection's own name and description: weak evidence for all its tables. */
  readonly about: ReadonlyMap<string, number>;
  readonly graph: ForeignKeyGraph;
}

/** What is said of a connection as a whole. */
export interface About {
  readonly name: string;
  readonly description: string;
}

/** How telling a word is that `having` of `all` tables have. */
export const rarity = (all: number, having: number): number => Math.log(1 + (all - having + 0.5) / (having + 0.5));

/** The words a word of an identifier stands for: qty is quantity. */
export const spelledOut = (word: string): readonly string[] => abbreviations.get(word) ?? [word];

/** Whether a word is worth looking for: not a letter alone, a counter or a filler. */
const tells = (word: string): boolean => !stopWords.has(word) && !/^([a-z]|\d{1,2})$/.test(word);

/** Takes the tables of a connection one by one, so that a large one can be read in portions, and makes the index of them. */
export class WordIndexer {
  readonly #postings = new Postings(places.length);
  readonly #refers: Pick<Passage, 'schema' | 'table' | 'refersTo'>[] = [];
  readonly #known = new Map<string, readonly number[]>();
  readonly #names: number[][] = [];
  readonly #columns: number[] = [];

  add(passage: Passage): void {
    const { schema, table, refersTo, words, columns } = passage;
    const named = new Set(words.table.flatMap(spelledOut).filter(tells));
    this.#names.push([...named].map((word) => this.#postings.numberOf(stemOf(word))));
    this.#put(inTable, new Set(words.table));
    this.#put(inSchema, words.schema);
    this.#put(inComment, words.comment);
    for (const column of columns) {
      this.#put(inColumn, column.name);
      this.#put(inColumnComment, column.comment);
      this.#put(inValue, column.values);
    }
    this.#postings.nextTable();
    this.#columns.push(columns.length);
    this.#refers.push({ schema, table, refersTo });
  }

  #put(place: number, words: Iterable<string>): void {
    for (const word of words) for (const stem of this.#stemsOf(word)) this.#postings.add(stem, place);
  }

  /** The numbers of the stems a word stands for, itself first, then what it is short for; none if it tells nothing. */
  #stemsOf(word: string): readonly number[] {
    let stems = this.#known.get(word);
    if (!stems) {
      stems = [...new Set([word, ...spelledOut(word)])].filter(tells).map((one) => this.#postings.numberOf(stemOf(one)));
      this.#known.set(word, stems);
    }
    return stems;
  }

  finish(about: About): WordIndex {
    const size = this.#names.length;
    const { stems, ...inverted } = this.#postings.inverted();
    const nameStems = Uint32Array.from(this.#names.flat());
    const namesWith = new Uint32Array(stems.size);
    for (const stem of nameStems) namesWith[stem] = (namesWith[stem] ?? 0) + 1;
    const nameStart = new Uint32Array(size + 1);
    this.#names.forEach((names, t) => {
      nameStart[t + 1] = (nameStart[t] ?? 0) + names.length;
    });
    const length = this.#postings.lengths(places.map(({ frequency }) => frequency));
    return {
      size,
      stems,
      ...inverted,
      sorted: [...stems.keys()].sort(),
      tails: [...stems.keys()].flatMap(tailsOf).sort(),
      nameStart,
      nameStems,
      nameWeights: Float32Array.from(nameStems, (stem) => Math.max(0.3, rarity(size, namesWith[stem] ?? 0))),
      columns: Uint16Array.from(this.#columns),
      length,
      meanLength: length.reduce((sum, n) => sum + n, 0) / Math.max(1, size) || 1,
      about: aboutStems(about),
      graph: graphOf(this.#refers),
    };
  }
}

/** The index of one connection whose passages are all at hand. */
export function indexWords(passages: readonly Passage[], about: About): WordIndex {
  const indexer = new WordIndexer();
  for (const passage of passages) indexer.add(passage);
  return indexer.finish(about);
}

/** Of a long stem, what remains without its first three letters or more. */
function tailsOf(stem: string): string[] {
  return stem.length < 7 || stem.length > 40 ? [] : Array.from({ length: stem.length - 6 }, (_, i) => `${stem.slice(i + 3)} ${stem}`);
}

/** The stems of a connection's description count less than those of its name. */
export function aboutStems({ name, description }: About): Map<string, number> {
  const weights = new Map<string, number>();
  for (const word of splitWords(description).filter(tells)) weights.set(stemOf(word), 0.6);
  for (const word of splitWords(name).flatMap((word) => [word, ...spelledOut(word)])) if (tells(word)) weights.set(stemOf(word), 1);
  return weights;
}
