import type { ParsedString, StringParameter, StringReader } from '../../../contract/engines.ts';

const longest = 2048;
const scheme = /^(?:jdbc:)?sqlite(?:3|\+\w+)?:(?:\/\/\/?)?/i;
const fileName = /^[^\s:?#]+\.(?:db|db3|sqlite|sqlite3|s3db)$/i;

const clean = (text: string): string =>
  text
    .trim()
    .replace(/^(["'`])([\s\S]*)\1$/, '$2')
    .replace(/^\w*DATABASE_URL\s*=\s*["']?([^"']*)["']?$/i, '$1');

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
    const cleaned = clean(text);
    if (text.length > longest) return 0;
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
