import type { ParsedString, StringParameter, StringReader } from '../../../contract/engines.ts';
import { assignments } from '../string-env.ts';

const longest = 8192;
const scheme = /^(?:jdbc:)?sqlite(?:3|\+\w+)?:(?:\/\/\/?)?/i;
const fileName = /^[^\s:?#]+\.(?:db|db3|sqlite|sqlite3|s3db)$/i;

const kindName = /^(?:DB|DATABASE|SQL)_(?:CONNECTION|DRIVER|DIALECT|ADAPTER|ENGINE|CLIENT|TYPE)$/i;
const fileVariable = /^(?:DB|DATABASE|SQL)_(?:DATABASE|NAME|FILE|FILENAME|PATH|STORAGE)$/i;

/** The file that lines such as DB_CONNECTION=sqlite and DB_DATABASE=… name, '' where they name none; null where they are of something else. */
function fileInLines(text: string): string | null {
  const lines = assignments(text) ?? [];
  if (!lines.some(([name, value]) => kindName.test(name) && /sqlite/i.test(value))) return null;
  return lines.find(([name]) => fileVariable.test(name))?.[1] ?? '';
}

function clean(text: string): string {
  const file = text.length > longest ? null : fileInLines(text);
  if (file !== null) return `sqlite:${file}`;
  return text
    .trim()
    .replace(/^(["'`])([\s\S]*)\1$/, '$2')
    .replace(/^\w*DATABASE_URL\s*=\s*["']?([^"']*)["']?$/i, '$1');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parametersOf(query: string): StringParameter[] {
  return [...new URLSearchParams(query)].map(([name, value]) =>
    /^(mode|immutable|cache)$/i.test(name)
      ? { name, value, use: 'not_needed', reason: 'The file is always opened for reading alone.' }
      : { name, value: null, use: 'blocked', reason: 'It would change how the file is opened.' },
  );
}

/** Reads what people paste for a SQLite file: sqlite: and jdbc:sqlite: URLs, and file names. Runs in the browser too. */
export const sqliteStrings: StringReader = {
  dbType: 'sqlite',
  recognises(text) {
    if (text.length > longest) return 0;
    if (fileInLines(text) !== null) return 0.85;
    const cleaned = clean(text);
    return scheme.test(cleaned) || /^file:/i.test(cleaned) ? 1 : fileName.test(cleaned) ? 0.7 : 0;
  },
  read(text): ParsedString {
    const cleaned = clean(text);
    const [, path = '', query = ''] = /^([^?]*)\??([\s\S]*)$/.exec(cleaned.replace(scheme, '')) ?? [];
    const known = text.length <= longest && (scheme.test(cleaned) || fileName.test(cleaned));
    const message = /^file:/i.test(cleaned)
      ? 'A file: URI could say that the file is to be made or written. Give the name of the file alone.'
      : !known || path === '' || path === ':memory:'
        ? 'This names no file: paste a sqlite: URL or the name of a file such as sales.db.'
        : null;
    return {
      dbType: 'sqlite',
      address: message === null ? { file: decoded(path) } : {},
      credentials: {},
      parameters: parametersOf(query),
      problems: message === null ? [] : [{ field: 'address.file', message }],
      alternatives: [],
    };
  },
};
