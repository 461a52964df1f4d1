import { describe, expect, test } from 'vitest';
import { documentOf } from '../../../tests/support/documents.ts';
import { hear } from './hearing.ts';
import { matchStems } from './match-stems.ts';
import { passageOf } from './passage.ts';
import { readQuestion } from './question.ts';
import { indexWords, rarity, type WordIndex } from './word-index.ts';

const indexOf = (tables: Record<string, string[]>, name = 'db') =>
  indexWords(
    Object.entries(tables).map(([table, columns]) => passageOf(documentOf({ name: table, columns }))),
    { name, description: '' },
  );
const indexes = [
  indexOf({ customer: ['id', 'city'], orders: ['customer_id', 'placed_at'], orderline: ['product', 'qty'] }),
  indexOf({ warehouse: ['id', 'city'], product: ['price'] }, 'Customers of the shop'),
  indexOf({ film: ['title'] }),
];

/** How telling each word is, as it is defined: with all that is searched at hand. */
function defined(question: string): { weight: number; share: number }[] {
  const all = indexes.reduce((sum, { size }) => sum + size, 0);
  const words = readQuestion(question).map((word) => {
    const found = indexes.map((index) => matchStems(index, word));
    const best = Math.max(0, ...found.flatMap((stems) => [...stems.values()]));
    const having = new Map<string, number>();
    const tables = (index: WordIndex, stem: string) => index.tablesWith[index.stems.get(stem) ?? -1] ?? 0;
    found.forEach((stems, i) => {
      for (const [stem, sure] of stems)
        if (sure >= best - 0.15) having.set(stem, (having.get(stem) ?? 0) + tables(indexes[i] as WordIndex, stem));
    });
    return { best, weight: best === 0 ? 0 : rarity(all, Math.max(0, ...having.values())) };
  });
  const total = words.reduce((sum, { weight, best }) => sum + weight * Math.max(0.3, best), 0) || 1;
  return words.map(({ weight }) => ({ weight, share: weight / total }));
}

describe('hearing a question in several indexes', () => {
  test.each([
    'Which customers placed orders?',
    'The quantity and price of each product in the warehouse of a city',
    'house order line',
    'zebra film',
    'the of and',
  ])('one after another: as if all were at hand: %s', (question) => {
    const heard = hear(readQuestion(question), indexes);
    expect(heard).toHaveLength(indexes.length);
    heard.forEach((words, i) => {
      expect(words.map(({ weight, share }) => ({ weight, share }))).toEqual(defined(question));
      for (const { word, stems } of words) expect(stems).toEqual(matchStems(indexes[i] as WordIndex, word));
    });
  });
});
