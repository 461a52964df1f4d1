/** What a server said, inside a sentence of ours: one line, no hidden or turning characters, not too long. */
export function shownText(text: string, most: number): string {
  const clean = text.slice(0, most + 1).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
}

/** A name out of a database, in the same way. */
export function shownName(...parts: readonly (string | null | undefined)[]): string {
  return shownText(parts.map((part) => part ?? '').join('.'), 130);
}

/** Up to five names and how many more there are. */
export function someNames(names: readonly string[], total: number = names.length): string {
  const first = names.slice(0, 20).map((name) => shownName(name));
  return total > first.length ? `${first.join(', ')} and ${total - first.length} more` : first.join(', ');
}
