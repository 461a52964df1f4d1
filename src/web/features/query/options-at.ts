import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { type SQLDialect, type SQLNamespace, schemaCompletionSource } from '@codemirror/lang-sql';
import type { TableDetail, TableSummary } from '../../../contract/catalog.ts';
import type { SqlStyle } from '../../../contract/engines.ts';
import { quoteName } from './write-select.ts';

/** What there is to choose from. */
export interface Known {
  readonly dialect: SQLDialect;
  readonly style: SqlStyle;
  readonly tables: readonly Pick<TableSummary, 'schema' | 'name'>[];
  /** The tables that the statement names. */
  readonly details: readonly Pick<TableDetail, 'schema' | 'name' | 'columns'>[];
  /** The dialect's own words that may stand here; null within a comment or a text. */
  readonly words: CompletionResult | null | undefined;
}
type Detail = Known['details'][number];

function optionOf(label: string, type: string, detail: string, style: SqlStyle): Completion {
  const apply = quoteName(label, style);
  return { label, type, detail, ...(apply === label ? {} : { apply }) };
}

const columnOptions = (detail: Detail | undefined, style: SqlStyle): Completion[] =>
  (detail?.columns ?? []).filter(({ readable }) => readable).map((column) => optionOf(column.name, 'property', column.type, style));

/** Names with what is below them, found by however the statement writes them: most databases do not tell letter case apart. */
function namespaceOf({ tables, details, style }: Known, text: string): SQLNamespace {
  const written = Map.groupBy(new Set(text.match(/[\p{L}\p{N}_$]+/gu)), (word) => word.toLowerCase());
  const entries = (name: string, detail: string, children: SQLNamespace): [string, SQLNamespace][] =>
    [...new Set([name, ...(written.get(name.toLowerCase()) ?? [])])].map((key) => [
      key.replaceAll('.', '\\.'),
      { self: optionOf(name, 'type', detail, style), children },
    ]);
  // A table that is named without its schema is found by its name alone.
  const bare = details.flatMap((detail) => entries(detail.name, detail.schema, columnOptions(detail, style)));
  const schemas = [...Map.groupBy(tables, ({ schema }) => schema)].flatMap(([schema, members]) => {
    const inside = members.flatMap(({ name }) => {
      const detail = details.find((one) => one.schema === schema && one.name === name);
      return entries(name, schema, columnOptions(detail, style));
    });
    return entries(schema, 'schema', Object.fromEntries(inside));
  });
  return Object.fromEntries([...bare, ...schemas]);
}

/** Columns of the tables that the statement names, and every readable table: what may stand where no dot is before. */
function plainOptions({ tables, details, style }: Known): Completion[] {
  const columns = details.flatMap((detail) =>
    columnOptions(detail, style).map((option) => ({ ...option, detail: `${option.detail} · ${detail.name}`, boost: 2 })),
  );
  const names = tables.map(({ schema, name }) => ({
    ...optionOf(name, 'type', schema, style),
    apply: `${quoteName(schema, style)}.${quoteName(name, style)}`,
    boost: 1,
  }));
  return [...columns, ...names];
}

/** What may stand at a place of a statement, of whose last word the beginning is given. */
export function optionsAt(context: CompletionContext, from: number, known: Known): CompletionResult | null {
  const { dialect, style, words } = known;
  const before = context.state.sliceDoc(Math.max(0, from - 200), from);
  if (/\.\s*$/.test(before) || before.endsWith(style.open)) {
    const found = schemaCompletionSource({ dialect, schema: namespaceOf(known, context.state.doc.toString()) })(context);
    if (!found || found instanceof Promise) return null;
    // Ours all have a detail: what has none is a name as the statement writes it, beside the same as it is.
    return { ...found, options: found.options.filter(({ detail }) => detail !== undefined) };
  }
  // Within a comment or a text the dialect offers no words: then there is nothing to complete at all.
  return words ? { from, options: [...plainOptions(known), ...words.options], validFor: /^[\p{L}\p{N}_$]*$/u } : null;
}
