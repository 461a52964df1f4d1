import type { ParsedString, StringReader } from '../../../contract/engines.ts';
import { looksLikeCommand, readCommand } from './string-command.ts';
import { finish, newDraft } from './string-draft.ts';
import { envLikeness, readEnv } from './string-env.ts';
import { looksLikeKeywords, looksLikeSemicolons, readKeywords, readSemicolons } from './string-keywords.ts';
import { looksLikeUrl, readUrl } from './string-url.ts';

/** Longer texts are no connection strings, and are not worth a browser's time. */
const longest = 8192;

/** The text without the quotes, ticks and semicolon that come along when it is copied. */
function clean(text: string): string {
  const trimmed = text.trim().replace(/;$/, '');
  const [, , inner] = /^(["'`])([\s\S]*)\1$/.exec(trimmed) ?? [];
  return (inner !== undefined && !inner.includes(trimmed.charAt(0)) ? inner : trimmed).trim();
}

const kinds: readonly { likeness(text: string): number; read(text: string): ParsedString }[] = [
  { likeness: (text) => (looksLikeUrl(text) ? 1 : 0), read: readUrl },
  { likeness: envLikeness, read: readEnv },
  { likeness: (text) => (looksLikeCommand(text) ? 0.95 : 0), read: readCommand },
  { likeness: (text) => (looksLikeSemicolons(text) ? 0.5 : 0), read: readSemicolons },
  { likeness: (text) => (looksLikeKeywords(text) ? (/\bdbname\s*=/i.test(text) ? 0.9 : 0.6) : 0), read: readKeywords },
];

function best(text: string): { likeness: number; read(text: string): ParsedString } {
  const judged = kinds.map((kind) => ({ likeness: kind.likeness(text), read: kind.read }));
  return judged.reduce((a, b) => (b.likeness > a.likeness ? b : a));
}

/** Reads what people paste for a PostgreSQL: URLs, libpq keywords, JDBC, .NET, psql commands and .env lines. Runs in the browser too. */
export const postgresStrings: StringReader = {
  dbType: 'postgresql',
  recognises: (text) => (text.length > longest ? 0 : best(clean(text)).likeness),
  read(text) {
    const cleaned = clean(text);
    const { likeness, read } = best(cleaned);
    if (text.length <= longest && likeness > 0) return read(cleaned);
    const draft = newDraft();
    draft.problems.push({
      field: null,
      message: 'This is not a connection string that is known: paste a URL, libpq keywords, a psql command or .env lines.',
    });
    return finish(draft);
  },
};
