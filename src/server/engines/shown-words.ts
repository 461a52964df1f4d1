const most = 200;

/**
 * What a database says of a statement, fit to be shown: one line, at most 200 characters, and nothing in quotes that is not in the statement
 * itself, for that could be a value of the data.
 */
export function shownWords(message: string, sql: string): string {
  const line = message.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const known = sql.toLowerCase();
  const without = line.replace(/"([^"]*)"|'([^']*)'|“([^”]*)”|«([^»]*)»/g, (quoted, ...inner: unknown[]) => {
    const name = inner.find((part): part is string => typeof part === 'string') ?? '';
    return known.includes(name.toLowerCase()) ? quoted : '…';
  });
  return without.length > most ? `${without.slice(0, most - 1)}…` : without;
}
