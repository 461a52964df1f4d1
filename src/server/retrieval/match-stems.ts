import type { QuestionWord } from './question.ts';
import type { WordIndex } from './word-index.ts';

/** How surely a stem is meant that only looks alike: begins the word, goes on from it, holds it. */
const sure = { beginning: 0.55, shortBeginning: 0.35, longer: 0.6, muchLonger: 0.5, end: 0.6, middle: 0.4 } as const;

/** The stems of the index that a question's word may mean, each with how surely (0 to 1). */
export function matchStems(index: WordIndex, { stems, soft }: QuestionWord): Map<string, number> {
  const found = new Map<string, number>();
  const put = (stem: string, weight: number) => {
    if (weight > (found.get(stem) ?? 0) && (index.stems.has(stem) || index.about.has(stem))) found.set(stem, weight);
  };
  for (const [stem, weight] of stems) put(stem, weight);
  if (soft === null || soft.length < 4) return found;
  for (let n = Math.max(3, Math.min(4, soft.length - 2)); n < soft.length; n++)
    put(soft.slice(0, n), n >= 4 ? sure.beginning : sure.shortBeginning);
  for (const longer of startingWith(index.sorted, soft)) {
    if (longer.length - soft.length <= 4) put(longer, sure.longer);
    else if (soft.length >= 5) put(longer, sure.muchLonger);
  }
  for (const tail of startingWith(index.tails, soft))
    put(tail.slice(tail.indexOf(' ') + 1), tail[soft.length] === ' ' ? sure.end : sure.middle);
  return found;
}

/** The entries of a sorted list that start alike; of many, the first thousand. */
function startingWith(sorted: readonly string[], start: string): readonly string[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < low + 1000 && sorted[end]?.startsWith(start)) end++;
  return sorted.slice(low, end);
}
