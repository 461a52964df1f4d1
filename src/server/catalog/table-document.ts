import { createHash } from 'node:crypto';
import type { Column, ForeignKey, Index, Key, TableDocument, TableKind } from '../../contract/catalog.ts';
import type { Fact } from '../engines/engine.ts';
import { cleanName, cleanOptional, cleanText, longest } from './clean-text.ts';

/** The document as the store keeps it. Where a shown name differs from the real one, the real one is kept beside it: SQL is written with that. It never leaves the server. */
export interface StoredDocument extends TableDocument {
  readonly raw?: { readonly schema: string; readonly table: string; readonly columns: readonly (readonly [shown: string, real: string])[] };
}

/** A table as read: its document as text alone, which is what is kept, with the hash that tells whether it changed and what a list shows. */
export interface ReadTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: TableKind;
  readonly comment: string | null;
  readonly readable: boolean;
  readonly columns: number;
  readonly estimatedRows: number | null;
  /** The tables it refers to by foreign keys, each once. */
  readonly refersTo: readonly { readonly schema: string; readonly table: string }[];
  readonly text: string;
  readonly hash: string;
}

/** A document as what is kept of it. */
export function readTable(document: StoredDocument, estimatedRows: number | null): ReadTable {
  const { schema, name, kind, comment, readable } = document;
  const targets = new Map(document.foreignKeys.map((key) => [placeOf(key.schema, key.table), { schema: key.schema, table: key.table }]));
  const text = JSON.stringify(document);
  const hash = createHash('sha256').update(text).digest('hex');
  const shown = { schema, name, kind, comment, readable, columns: document.columns.length, estimatedRows };
  return { ...shown, refersTo: [...targets.values()], text, hash };
}

/** A table as an engine tells of it. */
export type TableFact = Extract<Fact, { fact: 'table' }>;
/** What has been told of a table so far. */
export interface Draft {
  readonly table: TableFact;
  readonly columns: Omit<Column, 'comment'>[];
  readonly keys: Key[];
  readonly foreignKeys: ForeignKey[];
  readonly indexes: Index[];
  readonly partitions: string[];
  readonly dependencies: { readonly schema: string; readonly name: string }[];
  readonly comments: Map<string | null, string>;
}

/** A table with all that was told of it, its own fact among them. */
export function draftOf(facts: readonly Fact[]): Draft {
  const table = facts.find((fact) => fact.fact === 'table');
  if (!table) throw new Error('a table was told of before itself');
  const draft: Draft = {
    table,
    columns: facts.flatMap((fact) => (fact.fact === 'column' ? [fact.column] : [])),
    keys: facts.flatMap((fact) => (fact.fact === 'key' ? [fact.key] : [])),
    foreignKeys: facts.flatMap((fact) => (fact.fact === 'foreign_key' ? [fact.key] : [])),
    indexes: facts.flatMap((fact) => (fact.fact === 'index' ? [fact.index] : [])),
    partitions: facts.flatMap((fact) => (fact.fact === 'partition' ? [fact.name] : [])),
    dependencies: facts.flatMap((fact) => (fact.fact === 'dependency' ? [{ schema: fact.schema, name: fact.name }] : [])),
    comments: new Map(facts.flatMap((fact) => (fact.fact === 'comment' ? [[fact.column, fact.text] as const] : []))),
  };
  return draft;
}

/** Schema and name as one key of a map. */
export const placeOf = (schema: string, name: string): string => JSON.stringify([schema, name]);

/** How a table is shown, and which of its columns are shown as something else, by what they really are. */
export interface Shown {
  readonly schema: string;
  readonly name: string;
  readonly columns: ReadonlyMap<string, string>;
}

/** The document with its lists in an order of their own, so that its text is the same whenever the table is. */
export function documentOf(draft: Draft, shown: Shown, findShown: (schema: string, name: string) => Shown): StoredDocument {
  const { table } = draft;
  const { schema, name } = shown;
  const shownColumn = (column: string, of: Shown = shown): string => of.columns.get(column) ?? cleanName(column);
  const comment = (column: string | null): string | null => draft.comments.get(column) || null;
  const document: StoredDocument = {
    schema,
    name,
    kind: table.kind,
    comment: comment(null),
    readable: table.readable,
    partitions: draft.partitions.toSorted(),
    partitionedBy: cleanOptional(table.partitionedBy, longest.default),
    dependsOn: draft.dependencies
      .map((on) => findShown(on.schema, on.name))
      .map((on) => ({ schema: on.schema, table: on.name }))
      .toSorted(byPlace),
    columns: draft.columns
      .map((column) => ({
        name: shownColumn(column.name),
        position: column.position,
        type: column.type,
        nullable: column.nullable,
        default: column.default,
        identity: column.identity,
        generated: column.generated,
        comment: comment(column.name),
        enumValues: column.enumValues,
        readable: column.readable,
      }))
      .toSorted((a, b) => a.position - b.position),
    keys: draft.keys
      .map((key) => ({ name: cleanName(key.name), kind: key.kind, columns: key.columns.map((column) => shownColumn(column)) }))
      .toSorted(byName),
    foreignKeys: draft.foreignKeys
      .map((key) => {
        const to = findShown(key.schema, key.table);
        return {
          name: cleanName(key.name),
          columns: key.columns.map((column) => shownColumn(column)),
          schema: to.schema,
          table: to.name,
          referencedColumns: key.referencedColumns.map((column) => shownColumn(column, to)),
          onDelete: cleanText(key.onDelete, longest.type),
          validated: key.validated,
        };
      })
      .toSorted(byName),
    indexes: draft.indexes
      .map((index) => ({ name: index.name, unique: index.unique, valid: index.valid, definition: index.definition }))
      .toSorted(byName),
  };
  const columns = [...shown.columns].map(([is, as]) => [as, is] as const);
  const real = schema === table.schema && name === table.name && columns.length === 0;
  return real ? document : { ...document, raw: { schema: table.schema, table: table.name, columns } };
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
const byPlace = (a: { schema: string; table: string }, b: { schema: string; table: string }): number =>
  byName({ name: placeOf(a.schema, a.table) }, { name: placeOf(b.schema, b.table) });
