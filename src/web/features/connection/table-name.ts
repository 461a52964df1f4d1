interface Named {
  readonly schema: string;
  readonly name: string;
}

/** A table in one word, for the address: schema.table. A dot within the schema has a backslash before it, so that the word can be taken apart again. */
export function nameOf({ schema, name }: Named): string {
  return `${schema.replace(/[\\.]/g, '\\$&')}.${name}`;
}

/** The schema and the table of such a word. */
export function splitName(word: string): { schema: string; table: string } {
  const [, schema, table] = /^((?:[^.\\]|\\.)*)\.([\s\S]*)$/.exec(word) ?? [];
  return schema === undefined ? { schema: '', table: word } : { schema: schema.replace(/\\(.)/g, '$1'), table: table ?? '' };
}
