import type { PublishedTable, ReadColumn } from '../guard.ts';
import { hint, type Span } from '../refusal.ts';
import { bareName, isPlain } from './bare-name.ts';
import type { Ident } from './idents.ts';
import type { PublishedTables } from './published.ts';
import type { Structure } from './structure.ts';
import type { Edit } from './words.ts';

/** A published table in the FROM of a statement. */
export interface Place {
  readonly table: PublishedTable;
  /** The name that its columns are called by here. */
  readonly name: string;
  /** References of the form schema.table.column: the stretch of the schema, which a replaced table no longer answers to. */
  readonly qualified: Span[];
  /** Whether it has to be replaced by a SELECT of its published columns. */
  pinned: boolean;
}

/** A column that a name can mean: of a table, or computed. */
export interface Column {
  readonly name: string;
  readonly of: readonly ReadColumn[];
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
  /** Set where the database may not see them, by the kind of join: it would look further out. */
  readonly unsure?: true;
  readonly outer: Scope | null;
}

/** Resolves names while a statement is analysed, and keeps what it reads. */
export class Resolution {
  readonly structure: Structure;
  readonly published: PublishedTables;
  readonly searchPath: readonly string[];
  readonly tables = new Map<string, PublishedTable>();
  readonly columns = new Map<string, ReadColumn>();
  readonly places: Place[] = [];
  /** Changes of the text, asked for once the whole statement is accepted. */
  readonly edits: (() => Edit[])[] = [];
  /** Columns that are called as they are written: a name is added where the text of them changes. */
  readonly titles: { readonly span: Span; readonly title: string }[] = [];

  constructor(structure: Structure, published: PublishedTables, searchPath: readonly string[]) {
    this.structure = structure;
    this.published = published;
    this.searchPath = searchPath;
  }

  /** What an identifier is read as. */
  read(ident: Ident): string {
    const read = ident.quoted ? ident.value : this.structure.dialect.fold(ident.value);
    if (read !== null) return read;
    const message = `How the database reads ${ident.value} without quotes depends on its character set.`;
    const allowed = `The name in quotes, in its own letter case: ${this.structure.dialect.quote(ident.value)}.`;
    throw this.structure.words.refuse('name.unclear', message, allowed, ident.span);
  }

  /** Whether two names may be the same one. */
  same(a: string | null, b: string | null): boolean {
    if (a === b) return true;
    return a !== null && b !== null && this.structure.dialect.ignoresCase && a.toLowerCase() === b.toLowerCase();
  }

  /** Whether two names may be the same one on some server: accents, widths and characters without weight do not count everywhere. */
  alike(a: string | null, b: string | null): boolean {
    if (a === b) return true;
    if (a === null || b === null || (!this.structure.dialect.ignoresCase && isPlain(a) && isPlain(b))) return false;
    return bareName(a) === bareName(b);
  }

  /** The columns of a relation that a name can mean: those of that very spelling, else those that differ in letter case alone. */
  named(columns: readonly Column[], name: string): Column[] {
    const exact = columns.filter((column) => column.name === name);
    return exact.length > 0 ? exact : columns.filter((column) => this.same(column.name, name));
  }

  /** Notes that a column is read. */
  note(column: Column): void {
    for (const one of column.of) this.columns.set(`${one.schema}\0${one.table}\0${one.column}`, one);
  }

  /**
   * The relations that t or s.t names, of the innermost query that has it. None where the database may not take them for the same, by their
   * letter case or their schema (MySQL finds a new name by the schema of its table too), and would find others further out.
   */
  relations(scope: Scope | null, qualifier: readonly string[]): Relation[] {
    const [schema, name] = qualifier.length === 2 ? [qualifier[0] ?? null, qualifier[1] ?? null] : [null, qualifier[0] ?? null];
    for (let level = scope; level; level = level.outer) {
      const alike = level.relations.filter((one) => this.alike(one.name, name));
      if (alike.length === 0) continue;
      const fits = alike.filter((one) => schema === null || this.same(one.schema ?? null, schema));
      const exact = fits.filter((one) => one.name === name && (schema === null || one.schema === schema));
      if (exact.length > 0 && !level.unsure) return exact;
      const further = everyRelation(level.outer).some((one) => this.alike(one.name, name));
      return further ? [] : exact.length > 0 ? exact : fits;
    }
    return [];
  }

  /** Resolves the name of a column that is no star: a column, or a value that is written without parentheses. */
  column(idents: readonly Ident[], scope: Scope): void {
    const names = idents.map((ident) => this.read(ident));
    const name = names.at(-1) ?? '';
    const last = idents.at(-1);
    if (!last || names.length > 3) throw this.unknown(idents, 'table.column or schema.table.column.');
    if (names.length > 1) {
      const relations = this.qualified(idents.slice(0, -1), scope);
      const found = relations.flatMap((relation) => this.named(relation.columns, name));
      if (found.length === 0) throw this.unknown(idents, this.columnHint(name, relations));
      for (const column of found) this.#take(column, last);
      return;
    }
    for (let level: Scope | null = scope; level; level = level.outer) {
      const found = level.relations.filter((relation) => this.named(relation.columns, name).length > 0);
      for (const relation of found) for (const column of this.named(relation.columns, name)) this.#take(column, last);
      const further = found.length > 0 && level.unsure ? everyRelation(level.outer) : [];
      if (further.some((one) => one.places.length > 0 || this.named(one.columns, name).length > 0)) {
        throw this.unknown(idents, 'The name with that of its table: it may be found further out as well.');
      }
      // Of an unsure level the database may see a part alone, and in it a column that is not published.
      const beside = level.relations.some((relation) => !found.includes(relation) && relation.places.length > 0);
      if (found.length > 0 && level.unsure && beside) this.pinInner(scope, level.outer);
      if (found.length > 0 && level !== scope) this.#hold(last, found, scope, level);
      if (found.length > 0) return;
    }
    this.#bare(last, idents, scope);
  }

  #bare(last: Ident, idents: readonly Ident[], scope: Scope): void {
    const word = last.value.toLowerCase();
    const { dialect, functions, words } = this.structure;
    if (last.quoted || !dialect.bare.has(word)) {
      const message = `There is no published column ${last.value} here.`;
      if (/^(current_|session_|system_)?user$|^uid$/.test(word)) {
        throw words.refuse('function.unlisted', `${last.value} tells who is signed in.`, 'Columns and constants.', last.span);
      }
      throw words.refuse('column.unknown', message, this.columnHint(this.read(last), everyRelation(scope)), idents[0]?.span ?? null);
    }
    functions.add(word);
    // A column of this name that is not published would be meant instead.
    if (dialect.hidden.has(word)) this.pinInner(scope, null);
  }

  /** Notes a column, and sends it in the catalogue’s spelling where another one could be another column. */
  #take(column: Column, ident: Ident): void {
    this.note(column);
    const { dialect } = this.structure;
    if (dialect.columnsIgnoreCase || column.name === '' || this.read(ident) === column.name) return;
    this.edits.push(() => [{ ...ident.span, text: dialect.quote(column.name) }]);
  }

  /**
   * Keeps a name of an outer query from being taken by a column of an inner one that is not published: by writing whose it
   * is, or where that would not do by cutting the inner tables down to what is published.
   */
  #hold(ident: Ident, found: readonly Relation[], scope: Scope, level: Scope): void {
    const [relation, another] = found;
    const meant = relation?.name ? this.relations(scope, [relation.name]) : [];
    const { name } = relation ?? { name: null };
    if (name && !another && meant.length === 1 && meant[0] === relation) {
      const text = `${this.structure.dialect.quote(name)}.`;
      this.edits.push(() => [{ start: ident.span.start, end: ident.span.start, text }]);
    } else this.pinInner(scope, level);
  }

  /** Cuts the tables of a query, and of those around it up to one, down to their published columns. */
  pinInner(scope: Scope, outermost: Scope | null): void {
    for (let level: Scope | null = scope; level && level !== outermost; level = level.outer) {
      for (const place of level.relations.flatMap((relation) => relation.places)) place.pinned = true;
    }
  }

  /** The relations of a qualifier; refuses where there are none. */
  qualified(idents: readonly Ident[], scope: Scope): Relation[] {
    const names = idents.map((ident) => this.read(ident));
    const found = this.relations(scope, names);
    const [first, second] = idents;
    if (found.length === 0) {
      const known = everyRelation(scope).flatMap((relation) => relation.name ?? []);
      throw this.unknown(idents, hint(names.at(-1) ?? '', known, 'tables of this FROM'));
    }
    if (first && second) {
      const span = { start: first.span.start, end: second.span.start };
      for (const place of found.flatMap((relation) => relation.places)) place.qualified.push(span);
    }
    return found;
  }

  unknown(idents: readonly Ident[], allowed: string) {
    const shown = idents.map((ident) => ident.value).join('.');
    const span = { start: idents[0]?.span.start ?? 0, end: idents.at(-1)?.span.end ?? 0 };
    return this.structure.words.refuse('column.unknown', `There is no published column ${shown} here.`, allowed, span);
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
