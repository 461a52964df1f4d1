import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { keywordCompletionSource, type SQLDialect, type SQLNamespace, schemaCompletionSource } from '@codemirror/lang-sql';
import type { TableDetail, TableSummary } from '../../../contract/catalog.ts';
import { client, queryClient } from '../../api.ts';
import { quoteName } from './write-select.ts';

const CACHED = 60_000;
/** Tables whose columns are looked up for one statement. */
const MOST = 12;

/** The readable tables, if a page can hold them; else those that have to do with the word. */
async function tablesFor(id: string, snapshot: string | null, word: string): Promise<readonly TableSummary[]> {
  const page = (q: string) =>
    queryClient.fetchQuery({
      queryKey: ['tables-to-complete', id, snapshot, q],
      queryFn: () => client.listTables({ params: { id }, query: { limit: 500, ...(q ? { q } : {}) } }),
      staleTime: CACHED,
    });
  const first = await page('');
  const all = first.nextCursor && word ? [...(await page(word)).items, ...first.items] : first.items;
  return all.filter(({ readable }) => readable);
}

function detailOf(id: string, { schema, name }: TableSummary): Promise<TableDetail | null> {
  return queryClient
    .fetchQuery({
      queryKey: ['table', id, schema, name],
      queryFn: () => client.getTable({ params: { id, schema, table: name } }),
      staleTime: CACHED,
    })
    .catch(() => null);
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** Whether a statement names the table anywhere. */
const isNamed = (text: string, { name }: TableSummary): boolean =>
  text.toLowerCase().includes(name.toLowerCase()) && new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, 'iu').test(text);

const optionOf = (label: string, type: string, detail: string): Completion => {
  const apply = quoteName(label);
  return { label, type, detail, ...(apply === label ? {} : { apply }) };
};

const keyOf = (name: string): string => name.replaceAll('.', '\\.');

function namespaceOf(tables: readonly TableSummary[], details: readonly TableDetail[]): SQLNamespace {
  const columnsOf = (detail: TableDetail | undefined): Completion[] =>
    (detail?.columns ?? []).filter(({ readable }) => readable).map((column) => optionOf(column.name, 'property', column.type));
  // A table that is named without its schema is found by its name alone.
  const bare = details.map((detail): [string, SQLNamespace] => [keyOf(detail.name), columnsOf(detail)]);
  const schemas = [...Map.groupBy(tables, ({ schema }) => schema)].map(([schema, members]): [string, SQLNamespace] => {
    const inside = members.map(({ name }): [string, SQLNamespace] => [
      keyOf(name),
      columnsOf(details.find((one) => one.schema === schema && one.name === name)),
    ]);
    return [keyOf(schema), Object.fromEntries(inside)];
  });
  return Object.fromEntries([...bare, ...schemas]);
}

/** Columns of the tables that the statement names, and every readable table: what may stand where no dot is before. */
function plainOptions(tables: readonly TableSummary[], details: readonly TableDetail[]): Completion[] {
  const columns = details.flatMap((table) =>
    table.columns
      .filter(({ readable }) => readable)
      .map((column) => ({ ...optionOf(column.name, 'property', `${column.type} · ${table.name}`), boost: 2 })),
  );
  const names = tables.map(({ schema, name }) => ({
    ...optionOf(name, 'type', schema),
    apply: `${quoteName(schema)}.${quoteName(name)}`,
    boost: 1,
  }));
  return [...columns, ...names];
}

/** Completes names from what is published of a connection and readable, and the dialect's words; after a dot, what belongs before it. */
export function completeSchema(id: string, snapshot: string | null, dialect: SQLDialect): CompletionSource {
  const keywords = keywordCompletionSource(dialect, true);
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\p{L}\p{N}_$]*/u);
    if (!word || (word.from === word.to && !context.explicit && context.state.sliceDoc(word.from - 1, word.from) !== '.')) return null;
    const text = context.state.doc.toString();
    const tables = await tablesFor(id, snapshot, word.text).catch(() => []);
    const named = tables.filter((table) => isNamed(text, table)).slice(0, MOST);
    const details = (await Promise.all(named.map((table) => detailOf(id, table)))).filter((one) => one !== null);
    if (/[.\w$"]*\.\s*"?$/.test(context.state.sliceDoc(Math.max(0, word.from - 200), word.from)))
      return schemaCompletionSource({ dialect, schema: namespaceOf(tables, details) })(context);
    const words = await keywords(context);
    // Within a comment or a text the dialect offers no words: then there is nothing to complete at all.
    if (!words) return null;
    return { from: word.from, options: [...plainOptions(tables, details), ...words.options], validFor: /^[\p{L}\p{N}_$]*$/u };
  };
}
