/** Letters that some collations write in others, where no mark can be taken from them. */
const written: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ς: 'σ',
};

/** Letters that every collation weighs. What is no such letter may not count: signs, emoji, letters that came to Unicode later. */
const weighed =
  /[\0-\x7f]|(?=[\u0370-\uffff])[\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Devanagari}\p{Script=Thai}\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u;

/** Names of which no server takes a letter for another. */
export const isPlain = (name: string): boolean => /^[\0-\x3e\x40-\x7f]*$/.test(name);

/**
 * What is left of a name where letter case, accents, widths, kinds of kana and all that a server may not weigh do not count, nor what it may write
 * instead of a letter that it cannot keep (MySQL keeps an emoji as a question mark). Two names of one FROM, or of one query in another, with the
 * same rest may be one name on some server.
 */
export function bareName(name: string): string {
  if (isPlain(name)) return name.toLowerCase().trimEnd();
  const letters = [...name.normalize('NFKD').toLowerCase().normalize('NFKD')].map((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    // Katakana, as the hiragana of the same sound.
    const plain = code >= 0x30a1 && code <= 0x30f6 ? String.fromCodePoint(code - 0x60) : letter;
    return written[plain] ?? (/\p{M}/u.test(plain) || plain === '?' || !weighed.test(plain) ? '' : plain);
  });
  return letters.join('').trimEnd();
}
