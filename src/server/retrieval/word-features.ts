import type { HeardWord } from './hearing.ts';
import { places, type WordIndex } from './word-index.ts';

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
