/** A name as SQLite compares it: letters of ASCII alone have two cases. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Tells whether a name may stand in a text, however it is quoted there: too often rather than not. */
export function mentionsOf(text: string): (name: string) => boolean {
  const folded = fold(text);
  const words = new Set(folded.split(/[^\w$\u0080-\u{10ffff}]+/u));
  return (name) => {
    const wanted = fold(name);
    // A quote in it would be doubled.
    if (/["'`\]]/.test(wanted)) return true;
    return /[^\w$\u0080-\u{10ffff}]/u.test(wanted) ? folded.includes(wanted) : words.has(wanted);
  };
}
