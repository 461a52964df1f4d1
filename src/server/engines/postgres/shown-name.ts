/** A name out of a database inside a sentence of ours: one line, no hidden or turning characters, not too long. */
export function shownName(...parts: readonly (string | null | undefined)[]): string {
  const text = parts.map((part) => part ?? '').join('.');
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
  return clean.length > 130 ? `${clean.slice(0, 129)}…` : clean;
}

/** Up to five names and how many more there are. */
export function someNames(names: readonly string[], total: number = names.length): string {
  const first = names.slice(0, 20).map((name) => shownName(name));
  return total > first.length ? `${first.join(', ')} and ${total - first.length} more` : first.join(', ');
}
