import { stemmer } from 'stemmer';

const irregular: ReadonlyMap<string, string> = new Map(
  'people person children child men man women woman mice mouse feet foot teeth tooth geese goose died die dying die criteria criterion indices index'
    .match(/\S+ \S+/g)
    ?.map((pair) => pair.split(' '))
    .map(([from = '', to = '']) => [from, to] as const),
);
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** At most so many words of one text count, and what is behind this many characters for each is not looked at: texts come from foreign databases. */
const mostWords = 200;
const mostText = mostWords * 10;

/**
 * The words of an identifier or a text, lower case and without accents: snake_case, camelCase, ABCWord and digits are taken apart. Each step takes
 * time in proportion to the text: no pattern begins with a repetition, and long runs of accents, which normalising sorts, are cut.
 */
export function splitWords(text: string): string[] {
  const start = text.slice(0, mostText);
  if (/^[a-z_ ]*$/.test(start)) return start.split(/[_ ]+/).filter(Boolean).slice(0, mostWords);
  const words = start
    .replace(/(\p{M}{8})\p{M}+/gu, '$1')
    .normalize('NFKD')
    .slice(0, mostText)
    .replace(/[\u0300-\u036f]+/g, '')
    .normalize('NFC')
    .replace(/(\p{L})['’]s?(?!\p{L})/gu, '$1 ')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(?<=\p{Lu})(?=\p{Lu}(?!s(?!\p{Ll}))\p{Ll})/gu, ' ')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/(\d)(\p{L})/gu, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]{1,64}/gu);
  return (words ?? [])
    .slice(0, mostWords)
    .flatMap((word) => (unspaced.test(word) ? pairs(word) : word))
    .slice(0, mostWords);
}

/** Scripts that leave no space between words are read by pairs of characters. */
function pairs(word: string): string[] {
  const letters = [...word];
  return letters.length < 3 ? [word] : letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}

const stems = new Map<string, string>();

/** The stem under which a lower-case word is filed: English by Porter, any other script as it is. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = /^[a-z]{3,}$/.test(word) ? stemmer(irregular.get(word) ?? word) : word;
  // Words come from foreign databases: the memory of them is bounded.
  if (stems.size >= 100_000) stems.clear();
  stems.set(word, stem);
  return stem;
}
