/** A name as SQLite compares it: letters of ASCII alone have two cases. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a name may stand in a text, however it is quoted there: too often rather than not. */
export function mayName(text: string, name: string): boolean {
  const folded = fold(name);
  // A quote in it would be doubled.
  if (/["'`\]]/.test(folded)) return true;
  if (/[^\w$\u0080-\u{10ffff}]/u.test(folded)) return fold(text).includes(folded);
  return fold(text)
    .split(/[^\w$\u0080-\u{10ffff}]+/u)
    .includes(folded);
}
