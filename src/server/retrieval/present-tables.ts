import type { TableDocument } from '../../contract/catalog.ts';
import type { FoundTable, Join, Why } from '../../contract/retrieval.ts';
import { explainMeaning, explainTable, summarize } from './explain-table.ts';
import type { HeardWord } from './hearing.ts';
import type { About } from './word-index.ts';

/** A table found in one connection, with its document. */
export interface Found {
  readonly document: TableDocument;
  readonly score: number;
  /** Whether its meaning alone would have brought it up. */
  readonly meant?: boolean;
}

/** The found tables of one connection as they are shown: each with its reasons, and the foreign keys among them. */
export function presentTables(found: readonly Found[], heard: readonly HeardWord[], about: About): { tables: FoundTable[]; joins: Join[] } {
  const documents = found.map(({ document }) => document);
  const joins = joinsAmong(documents);
  const explained = new Map(documents.map((document) => [placeOf(document.schema, document.name), explainTable(document, heard, about)]));
  const tables = found.map(({ document, score, meant = false }) => {
    const own = explained.get(placeOf(document.schema, document.name)) ?? { columns: [], why: [] };
    const joined = joins.flatMap(({ from, to }) => {
      const [a, b] = [placeOf(from.schema, from.table), placeOf(to.schema, to.table)];
      const here = placeOf(document.schema, document.name);
      return a === here ? [b] : b === here ? [a] : [];
    });
    const byWords = own.why.some(({ where }) => where !== 'description');
    const meaning = meant && !byWords ? explainMeaning(document, heard) : [];
    const why = [...meaning, ...own.why, ...neighbourReasons(own.why, new Set(joined), explained)];
    const { schema, name: table, comment } = document;
    return {
      schema,
      table,
      comment,
      score: Math.round(score * 1e4) / 1e4,
      columns: own.columns,
      why,
      summary: summarize(why, document.readable),
    };
  });
  return { tables, joins };
}

const placeOf = (schema: string, table: string): string => JSON.stringify([schema, table]);

/** Words that a table does not have itself, but a found table does that it is joined to. */
function neighbourReasons(
  own: readonly Why[],
  joined: ReadonlySet<string>,
  explained: ReadonlyMap<string, { readonly why: readonly Why[] }>,
): Why[] {
  const known = new Set(own.filter(({ where }) => where !== 'description').map(({ word }) => word));
  const reasons: Why[] = [];
  for (const place of joined) {
    for (const { word, where } of explained.get(place)?.why ?? []) {
      if (known.has(word) || where === 'description') continue;
      known.add(word);
      reasons.push({ word, where: 'neighbour', text: (JSON.parse(place) as string[]).join('.') });
    }
  }
  return reasons;
}

/** The foreign keys whose both ends were found. */
function joinsAmong(documents: readonly TableDocument[]): Join[] {
  const found = new Set(documents.map(({ schema, name }) => placeOf(schema, name)));
  return documents.flatMap((document) =>
    document.foreignKeys
      .filter((key) => found.has(placeOf(key.schema, key.table)))
      .map((key) => ({
        from: { schema: document.schema, table: document.name, columns: key.columns },
        to: { schema: key.schema, table: key.table, columns: key.referencedColumns },
        name: key.name,
      })),
  );
}
