import type { Column, ForeignKey, TableDocument } from '../../contract/catalog.ts';

/** At most this many differences of one table are told; more are counted. */
const most = 40;

/** What became different between two readings of one table, in words. Names and types in it come from the database. */
export function tableChanges(before: TableDocument, after: TableDocument): string[] {
  const found = [...relationChanges(before, after), ...columnChanges(before.columns, after.columns)];
  found.push(
    ...listChanges('key', before.keys, after.keys, (key) => `${key.kind} (${key.columns.join(', ')})`),
    ...listChanges('foreign key', before.foreignKeys, after.foreignKeys, foreignKeyText),
    ...listChanges('index', before.indexes, after.indexes, (index) => `${index.unique} ${index.valid} ${index.definition}`),
    ...nameChanges('partition', before.partitions, after.partitions),
    ...nameChanges(
      'dependency',
      before.dependsOn.map(({ schema, table }) => `${schema}.${table}`),
      after.dependsOn.map(({ schema, table }) => `${schema}.${table}`),
    ),
  );
  // Something of the document that has no words here.
  if (found.length === 0) return ['definition changed'];
  return found.length <= most ? found : [...found.slice(0, most), `${found.length - most} more`];
}

function relationChanges(before: TableDocument, after: TableDocument): string[] {
  const found: string[] = [];
  if (before.kind !== after.kind) found.push(`kind: ${before.kind} → ${after.kind}`);
  if (before.comment !== after.comment) found.push(differing('comment', before.comment, after.comment));
  if (before.readable !== after.readable) found.push(after.readable ? 'readable now' : 'no longer readable');
  if (before.partitionedBy !== after.partitionedBy) found.push('partitioning changed');
  return found;
}

function columnChanges(before: readonly Column[], after: readonly Column[]): string[] {
  const old = new Map(before.map((column) => [column.name, column]));
  const found: string[] = [];
  for (const column of after) {
    const was = old.get(column.name);
    old.delete(column.name);
    if (!was) found.push(`column ${column.name} added (${column.type})`);
    else found.push(...columnDifferences(was, column).map((what) => `column ${column.name}: ${what}`));
  }
  return [...[...old.keys()].map((name) => `column ${name} dropped`), ...found];
}

function columnDifferences(was: Column, is: Column): string[] {
  const found: string[] = [];
  if (was.type !== is.type) found.push(`type ${was.type} → ${is.type}`);
  if (was.nullable !== is.nullable) found.push(is.nullable ? 'may be null now' : 'may no longer be null');
  if (was.default !== is.default) found.push(differing('default', was.default, is.default));
  if (was.comment !== is.comment) found.push(differing('comment', was.comment, is.comment));
  if (was.identity !== is.identity || was.generated !== is.generated) found.push('generation changed');
  if (JSON.stringify(was.enumValues) !== JSON.stringify(is.enumValues)) found.push('values changed');
  if (was.readable !== is.readable) found.push(is.readable ? 'readable now' : 'no longer readable');
  if (was.position !== is.position) found.push('position changed');
  return found;
}

const foreignKeyText = (key: ForeignKey): string =>
  JSON.stringify([key.columns, key.schema, key.table, key.referencedColumns, key.onDelete, key.validated]);

function differing(what: string, was: string | null, is: string | null): string {
  return was === null ? `${what} added` : is === null ? `${what} dropped` : `${what} changed`;
}

function listChanges<T extends { name: string }>(
  what: string,
  before: readonly T[],
  after: readonly T[],
  text: (one: T) => string,
): string[] {
  const old = new Map(before.map((one) => [one.name, text(one)]));
  const found: string[] = [];
  for (const one of after) {
    const was = old.get(one.name);
    old.delete(one.name);
    if (was === undefined) found.push(`${what} ${one.name} added`);
    else if (was !== text(one)) found.push(`${what} ${one.name} changed`);
  }
  return [...[...old.keys()].map((name) => `${what} ${name} dropped`), ...found];
}

function nameChanges(what: string, before: readonly string[], after: readonly string[]): string[] {
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  return listChanges(what, named(before), named(after), () => '');
}
