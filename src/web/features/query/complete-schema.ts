import type { CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { keywordCompletionSource, type SQLDialect } from '@codemirror/lang-sql';
import type { TableDetail, TableSummary } from '../../../contract/catalog.ts';
import type { SqlStyle } from '../../../contract/engines.ts';
import { client, queryClient } from '../../api.ts';
import { optionsAt } from './options-at.ts';

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

/** Completes names from what is published of a connection and readable, and the dialect's words; after a dot, what belongs before it. */
export function completeSchema(id: string, snapshot: string | null, dialect: SQLDialect, style: SqlStyle): CompletionSource {
  const keywords = keywordCompletionSource(dialect, true);
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\p{L}\p{N}_$]*/u);
    if (!word || (word.from === word.to && !context.explicit && context.state.sliceDoc(word.from - 1, word.from) !== '.')) return null;
    const text = context.state.doc.toString();
    const tables = await tablesFor(id, snapshot, word.text).catch(() => []);
    const named = tables.filter((table) => isNamed(text, table)).slice(0, MOST);
    const details = (await Promise.all(named.map((table) => detailOf(id, table)))).filter((one) => one !== null);
    // Whoever has gone on to run it meanwhile is not shown a list over the answer.
    if (context.aborted || context.view?.hasFocus === false) return null;
    return optionsAt(context, word.from, { dialect, style, tables, details, words: await keywords(context) });
  };
}
