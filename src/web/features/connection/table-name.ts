interface Named {
  readonly schema: string;
  readonly name: string;
}

/** A table in one word, for the address: schema.table. A dot within the schema is doubled, so that it can be taken apart again. */
export function nameOf({ schema, name }: Named): string {
  return `${schema.replaceAll('.', '..')}.${name}`;
}

/** The schema and the table of such a word. */
export function splitName(word: string): { schema: string; table: string } {
  const parts = /^((?:[^.]|\.\.)*)\.([\s\S]*)$/.exec(word);
  return parts ? { schema: (parts[1] ?? '').replaceAll('..', '.'), table: parts[2] ?? '' } : { schema: '', table: word };
}
