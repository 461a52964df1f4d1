import { createHash } from 'node:crypto';
import type { Token } from './scan-sql.ts';

/** What a statement looks like without its constants, comments, letter case and spacing. */
export function shapeOf(text: string, tokens: readonly Token[]): string {
  const words = tokens.flatMap((token) => {
    const word = text.slice(token.start, token.end);
    if (token.kind === 'comment') return [];
    if (token.kind === 'string' || token.kind === 'number' || token.kind === 'parameter') return ['?'];
    if (token.kind === 'quoted') return [/^["`[][a-z_][a-z0-9_]*["`\]]$/.test(word) ? word.slice(1, -1) : word];
    return [word.toLowerCase()];
  });
  while (words.at(-1) === ';') words.pop();
  // A list of constants is one constant, however long.
  return words.join(' ').replace(/\( \?(?: , \?)+ \)/g, '( ? )');
}

/** The same for statements that differ only in constants, letter case, comments and whitespace. */
export function fingerprintOf(text: string, tokens: readonly Token[]): string {
  return createHash('sha256').update(shapeOf(text, tokens)).digest('hex').slice(0, 32);
}
