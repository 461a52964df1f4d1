import type { Column } from '../../contract/catalog.ts';
import type { Fact } from '../engines/engine.ts';
import { Fault } from '../platform/fault.ts';
import { breather } from './breather.ts';
import { cleanName, cleanOptional, cleanText, longest, shownNames } from './clean-text.ts';
import { type Draft, documentOf, placeOf, type ReadTable, readTable, type Shown, type TableFact } from './table-document.ts';

/** How much a catalogue may be: beyond it, whatever answers there is not a database to read. */
const most = { tables: 100_000, columns: 5000, bytes: 48_000_000 } as const;
/** Roughly how many bytes things take beside their texts: a table the lists and the map that are made for it as well. */
const cost = { table: 600, object: 24, entry: 8, text: 24 } as const;

/** Puts the facts of one reading together into documents. Maps alone hold names: __proto__ is a fine name for a column. */
export class Assembly {
  readonly #drafts = new Map<string, Draft>();
  readonly counts = { tables: 0, schemas: 0, columns: 0, keys: 0, foreignKeys: 0, indexes: 0, comments: 0 };
  readonly #schemas = new Set<string>();
  readonly #withColumns = new Set<string>();
  #bytes = 0;

  /** How many tables have shown a column so far. */
  get begun(): number {
    return this.#withColumns.size;
  }

  add(fact: Fact): void {
    // As it came: what is cut off of a text stays in memory with the rest, and what belongs to no table costs time all the same.
    this.#count(fact);
    if (fact.fact === 'table') {
      this.#addTable(fact);
      return;
    }
    const draft = this.#drafts.get(fact.table);
    // A table made while we read: the next reading has it whole.
    if (!draft) return;
    switch (fact.fact) {
      case 'column':
        if (draft.columns.length === most.columns) throw tooLarge();
        this.counts.columns++;
        this.#withColumns.add(fact.table);
        draft.columns.push(cleanColumn(fact.column));
        return;
      case 'key':
        this.counts.keys++;
        draft.keys.push(fact.key);
        return;
      case 'foreign_key':
        this.counts.foreignKeys++;
        draft.foreignKeys.push(fact.key);
        return;
      case 'index':
        this.counts.indexes++;
        draft.indexes.push({
          ...fact.index,
          name: cleanName(fact.index.name),
          definition: cleanText(fact.index.definition, longest.definition),
        });
        return;
      case 'comment':
        this.counts.comments++;
        draft.comments.set(fact.column, cleanText(fact.text, longest.comment));
        return;
      case 'partition':
        if (draft.partitions.length < longest.list) draft.partitions.push(cleanName(fact.name));
        return;
      case 'dependency':
        if (draft.dependencies.length < longest.list) draft.dependencies.push({ schema: fact.schema, name: fact.name });
    }
  }

  #addTable(table: TableFact): void {
    this.#schemas.add(table.schema);
    this.counts.schemas = this.#schemas.size;
    this.#drafts.set(table.table, {
      table,
      columns: [],
      keys: [],
      foreignKeys: [],
      indexes: [],
      partitions: [],
      dependencies: [],
      comments: new Map(),
    });
    this.counts.tables = this.#drafts.size;
    if (this.#drafts.size > most.tables) throw tooLarge();
  }

  /** Counts what comes, so that a server which never ends cannot fill the memory. */
  #count(fact: Fact): void {
    this.#bytes += sizeOf(fact) + (fact.fact === 'table' ? cost.table : 0);
    if (this.#bytes > most.bytes) throw tooLarge();
  }

  /** The tables, in no order. Each draft is let go as its table is given: the assembly is used up. */
  async *tables(): AsyncGenerator<ReadTable> {
    const breathe = breather();
    const shown = await this.#shownTables(breathe);
    const findShown = (schema: string, name: string): Shown =>
      shown.get(placeOf(schema, name)) ?? { schema: cleanName(schema), name: cleanName(name), columns: none };
    const drafts = [...this.#drafts.values()];
    this.#drafts.clear();
    for (let draft = drafts.pop(); draft; draft = drafts.pop()) {
      const document = documentOf(draft, findShown(draft.table.schema, draft.table.name), findShown);
      yield readTable(document, draft.table.estimatedRows);
      await breathe();
    }
  }

  /** How each table is shown, by what it really is called. */
  async #shownTables(breathe: () => Promise<void> | undefined): Promise<Map<string, Shown>> {
    const schemas = shownNames(this.#schemas);
    const shown = new Map<string, Shown>();
    for (const [schema, list] of Map.groupBy(this.#drafts.values(), (draft) => draft.table.schema)) {
      const names = shownNames(list.map((draft) => draft.table.name));
      for (const { table, columns } of list) {
        const own = shownNames(columns.map((column) => column.name));
        const as = { schema: schemas.get(schema) ?? schema, name: names.get(table.name) ?? table.name };
        shown.set(placeOf(schema, table.name), { ...as, columns: own.size > 0 ? own : none });
        await breathe();
      }
    }
    return shown;
  }
}

const none: ReadonlyMap<string, string> = new Map();

/** A column with its texts cleaned; its name is cleaned when all names of the table are known. */
function cleanColumn(column: Omit<Column, 'comment'>): Omit<Column, 'comment'> {
  return {
    ...column,
    type: cleanText(column.type, longest.type),
    default: cleanOptional(column.default, longest.default),
    enumValues: column.enumValues?.slice(0, longest.enumValues).map((value) => cleanText(value, longest.name)) ?? null,
  };
}

/** Roughly how many bytes a fact holds. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return cost.text + value.length * (narrow.test(value) ? 1 : 2);
  if (typeof value !== 'object' || value === null) return 0;
  let size: number = cost.object;
  for (const key in value) size += cost.entry + sizeOf(value[key as keyof typeof value]);
  return size;
}

/** Text of one byte a character. */
const narrow = /^[\0-\xff]*$/;

function tooLarge(): Fault {
  return new Fault('database.failed', {
    stage: 'catalog',
    detail: 'The catalogue is larger than what is read of one database. Give the login rights on the schemas that matter alone.',
    technical: `more than ${most.tables} tables, ${most.columns} columns of one or ${most.bytes} bytes`,
  });
}
