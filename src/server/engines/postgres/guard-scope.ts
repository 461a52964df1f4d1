import type { PublishedTable, ReadColumn } from '../guard.ts';
import { hint } from '../refusal.ts';
import { type Tree, text, textsOf } from './guard-kinds.ts';
import { isOfPeople, isSystemSchema } from './guard-names.ts';
import type { StatementText } from './guard-text.ts';

/** A published table in the FROM of a statement: the node that names it, so that it can be replaced. */
export interface Place {
  /** `{ RangeVar: … }` or the `{ RangeTableSample: … }` around it. */
  readonly node: Tree;
  readonly table: PublishedTable;
  readonly name: string;
  /** References of the form schema.table.column, which a replaced table no longer answers to. */
  readonly qualified: Tree[];
  /** Whether it has to be replaced by a SELECT of its published columns. */
  pinned: boolean;
}

/** A column that a name can mean: of a table, or computed. */
export interface Column {
  readonly name: string;
  readonly of: readonly ReadColumn[];
  /** The statement does not write this name: PostgreSQL gives it, and may give another. Where it does, the name must not find anything else. */
  readonly guessed?: true;
}

/** Something in FROM that columns can be taken from. */
export interface Relation {
  readonly name: string | null;
  readonly columns: readonly Column[];
  /** Set where the name can be qualified by its schema. */
  readonly schema?: string;
  /** The tables whose real columns would show if the whole row is taken. */
  readonly places: readonly Place[];
}

/** The relations that names are looked up in, innermost first. */
export interface Scope {
  readonly relations: readonly Relation[];
  readonly outer: Scope | null;
}

/** The published tables, by schema and name. */
export class PublishedTables {
  readonly #byName = new Map<string, PublishedTable>();
  readonly types: ReadonlySet<string>;
  constructor(tables: readonly PublishedTable[], types: readonly string[]) {
    for (const table of tables) if (!isSystemSchema(table.schema)) this.#byName.set(`${table.schema}\0${table.name}`, table);
    this.types = new Set(types.filter(isOfPeople));
  }
  find(schema: string, name: string): PublishedTable | undefined {
    return this.#byName.get(`${schema}\0${name}`);
  }
  names(searchPath: readonly string[]): string[] {
    return [...this.#byName.values()].map((table) => (searchPath.includes(table.schema) ? table.name : `${table.schema}.${table.name}`));
  }
}

/** Resolves names while a statement is analysed, and keeps what it reads. */
export class Resolution {
  readonly source: StatementText;
  readonly published: PublishedTables;
  readonly searchPath: readonly string[];
  readonly tables = new Map<string, PublishedTable>();
  readonly columns = new Map<string, ReadColumn>();
  readonly places: Place[] = [];
  /** Changes of the tree, made once the whole statement is accepted. */
  readonly edits: (() => void)[] = [];

  constructor(source: StatementText, published: PublishedTables, searchPath: readonly string[]) {
    this.source = source;
    this.published = published;
    this.searchPath = searchPath;
  }

  /** The published table that a name in FROM means, when no WITH query has it. */
  table(fields: Tree): PublishedTable {
    const { schemaname: schema, relname: name } = fields as { schemaname?: string; relname: string };
    const schemas = schema === undefined ? this.searchPath : [schema];
    const found = schemas.map((one) => this.published.find(one, name)).find((one) => one !== undefined);
    if (found) {
      this.tables.set(`${found.schema}\0${found.name}`, found);
      return found;
    }
    const shown = schema === undefined ? name : `${schema}.${name}`;
    const names = this.published.names(this.searchPath);
    if (schema === undefined ? name.startsWith('pg_') : isSystemSchema(schema)) {
      const message = `${shown} belongs to the database itself and cannot be read.`;
      throw this.source.refuse('relation.system', message, 'Published tables. Their schema is on the connection’s page.', fields);
    }
    const message = `There is no published table ${shown}.`;
    throw this.source.refuse('relation.unknown', message, hint(schema === undefined ? name : shown, names, 'published tables'), fields);
  }

  /** Notes that a column is read. */
  read(column: Column): void {
    for (const one of column.of) this.columns.set(`${one.schema}\0${one.table}\0${one.column}`, one);
  }

  /** Notes that all columns of a relation are read as they really are, so that its tables have to be cut down to the published ones. */
  readWhole(relation: Relation): void {
    for (const column of relation.columns) this.read(column);
    for (const place of relation.places) place.pinned = true;
  }

  /** The relations that t or s.t names, of the innermost query that has it. */
  relations(scope: Scope | null, qualifier: readonly string[]): Relation[] {
    const [schema, name] = qualifier.length === 2 ? qualifier : [undefined, qualifier[0]];
    for (let level = scope; level; level = level.outer) {
      const found = level.relations.filter((one) => one.name === name && (schema === undefined || one.schema === schema));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** Resolves a ColumnRef that is no star of a select list. */
  column(fields: Tree, scope: Scope): void {
    const last = (fields.fields as Tree[]).at(-1) ?? {};
    const names = textsOf(fields.fields);
    const qualifier = names.slice(0, -1);
    if (names.length > 3) throw this.unknown(names, fields, 'table.column or schema.table.column.');
    if (Object.hasOwn(last, 'A_Star')) {
      for (const relation of this.qualified(qualifier, fields, scope)) this.readWhole(relation);
      return;
    }
    const name = names.at(-1) ?? '';
    if (qualifier.length > 0) {
      const relations = this.qualified(qualifier, fields, scope);
      const found = relations.flatMap((relation) => relation.columns.filter((column) => column.name === name));
      // What is no column would be a call: u.row_to_json is row_to_json(u).
      if (found.length === 0) throw this.unknown(names, fields, this.columnHint(name, relations));
      for (const column of found) this.read(column);
      return;
    }
    for (let level: Scope | null = scope; level; level = level.outer) {
      const found = level.relations.filter((relation) => relation.columns.some((column) => column.name === name));
      if (found.length === 0) continue;
      const columns = found.flatMap((relation) => relation.columns).filter((column) => column.name === name);
      for (const column of columns) this.read(column);
      const guessed = columns.some((column) => column.guessed);
      this.#hold(fields, name, found, scope, guessed ? null : level);
      return;
    }
    const whole = this.relations(scope, [name]);
    if (whole.length === 0) throw this.unknown(names, fields, this.columnHint(name, everyRelation(scope)));
    // A column of this name that is not published would be meant instead, wherever it is.
    this.pinInner(scope, null);
    for (const relation of whole) this.readWhole(relation);
  }

  /**
   * Keeps a name from being taken by a column that is not published, of whichever query: by writing whose it is, or where that would not do
   * (USING merges two) by cutting the tables inside of `outermost` down to what is published.
   */
  #hold(fields: Tree, name: string, found: readonly Relation[], scope: Scope, outermost: Scope | null): void {
    const [relation, another] = found;
    const meant = relation?.name ? this.relations(scope, [relation.name]) : [];
    if (relation?.name && !another && meant.length === 1 && meant[0] === relation) {
      const qualified = [text(relation.name), text(name)];
      this.edits.push(() => {
        fields.fields = qualified;
      });
    } else this.pinInner(scope, outermost);
  }

  /** Cuts the tables of a query, and of those around it up to one, down to their published columns. */
  pinInner(scope: Scope, outermost: Scope | null): void {
    for (let level: Scope | null = scope; level && level !== outermost; level = level.outer) {
      for (const place of level.relations.flatMap((relation) => relation.places)) place.pinned = true;
    }
  }

  /** The relations of a qualifier; refuses where there are none. */
  qualified(qualifier: readonly string[], fields: Tree, scope: Scope): Relation[] {
    const found = this.relations(scope, qualifier);
    if (found.length === 0) {
      const names = everyRelation(scope).flatMap((relation) => relation.name ?? []);
      throw this.unknown([...qualifier, '…'], fields, hint(qualifier.at(-1) ?? '', names, 'tables of this FROM'));
    }
    if (qualifier.length === 2) {
      for (const place of found.flatMap((relation) => relation.places)) place.qualified.push(fields);
      // Of a table that is replaced, the schema can no longer be said: the name alone has to mean the same.
      const near = this.relations(scope, qualifier.slice(1));
      if (!found.every((relation) => near.includes(relation)))
        throw this.unknown([...qualifier, '…'], fields, 'A name of its own for each table.');
    }
    return found;
  }

  unknown(names: readonly string[], fields: Tree, allowed: string) {
    return this.source.refuse('column.unknown', `There is no published column ${names.join('.')} here.`, allowed, fields);
  }

  columnHint(name: string, relations: readonly Relation[]): string {
    return hint(
      name,
      relations.flatMap((relation) => relation.columns.map((column) => column.name)),
      'columns',
    );
  }
}

function everyRelation(scope: Scope | null): Relation[] {
  return scope ? [...scope.relations, ...everyRelation(scope.outer)] : [];
}
