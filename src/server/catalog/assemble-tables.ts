import type { Column } from '../../contract/catalog.ts';
import type { Fact } from '../engines/engine.ts';
import { Fault } from '../platform/fault.ts';
import { Spool } from '../platform/spool.ts';
import { breather } from './breather.ts';
import { cleanName, cleanOptional, cleanText, longest, shownNames } from './clean-text.ts';
import { type Draft, documentOf, draftOf, placeOf, type ReadTable, readTable, type Shown, type TableFact } from './table-document.ts';

/**
 * How much a catalogue may be: beyond it, whatever answers there is not a database to read. `held` and `spooled` are bytes: of what is held in
 * memory to find the tables, and of what is put aside on disk.
 */
const most = { tables: 100_000, columns: 5000, held: 40_000_000, spooled: 400_000_000 } as const;
/** Roughly how many bytes a table takes in memory beside its names, and a fact on disk beside its text. */
const cost = { table: 250, fact: 16 } as const;
/** Facts of one table that are put aside as one text at the most. */
const TOGETHER = 100;

/** What is held in memory of a table: what finds the rest. */
interface Entry {
  readonly number: number;
  readonly schema: string;
  readonly name: string;
  columns: number;
  partitions: number;
  dependencies: number;
  /** Whether a column is shown as something else than it is called. */
  renamed: boolean;
}

/** Puts the facts of one reading together into documents. They wait on disk: a large catalogue does not fill the memory. Maps alone hold names: __proto__ is a fine name for a column. */
export class Assembly {
  readonly counts = { tables: 0, schemas: 0, columns: 0, keys: 0, foreignKeys: 0, indexes: 0, comments: 0 };
  readonly #spool = new Spool();
  readonly #entries = new Map<string, Entry>();
  readonly #schemas = new Set<string>();
  readonly #together: { of: Entry | null; texts: string[] } = { of: null, texts: [] };
  readonly #most: number;
  #shown: Promise<Map<string, Shown>> | null = null;
  #numbers = 0;
  #begun = 0;
  #held = 0;
  #spooled = 0;

  /** `spooled`: bytes that may be put aside on disk. */
  constructor(spooled: number = most.spooled) {
    this.#most = spooled;
  }

  /** How many tables have shown a column so far. */
  get begun(): number {
    return this.#begun;
  }

  add(fact: Fact): void {
    if (fact.fact === 'table') {
      this.#addTable(fact);
      return;
    }
    // What belongs to no table costs time all the same.
    this.#spooled += cost.fact;
    const entry = this.#entries.get(fact.table);
    // A table made while we read: the next reading has it whole.
    const kept = entry && this.#counted(entry, fact);
    if (entry && kept) this.#put(entry, kept);
    if (this.#spooled > this.#most) throw tooLarge();
  }

  /** Counts a fact of a table, and says what is kept of it; null: more of a list than is kept. */
  #counted(entry: Entry, fact: Exclude<Fact, TableFact>): Fact | null {
    switch (fact.fact) {
      case 'column':
        if (entry.columns === most.columns) throw tooLarge();
        this.counts.columns++;
        if (entry.columns++ === 0) this.#begun++;
        entry.renamed ||= cleanName(fact.column.name) !== fact.column.name;
        return { ...fact, column: cleanColumn(fact.column) };
      case 'key':
        this.counts.keys++;
        return fact;
      case 'foreign_key':
        this.counts.foreignKeys++;
        return fact;
      case 'index': {
        this.counts.indexes++;
        const { name, definition } = fact.index;
        return { ...fact, index: { ...fact.index, name: cleanName(name), definition: cleanText(definition, longest.definition) } };
      }
      case 'comment':
        this.counts.comments++;
        return { ...fact, text: cleanText(fact.text, longest.comment) };
      case 'partition':
        return entry.partitions++ < longest.list ? { ...fact, name: cleanName(fact.name) } : null;
      case 'dependency':
        return entry.dependencies++ < longest.list ? fact : null;
    }
  }

  #addTable(fact: TableFact): void {
    const { table, schema, name } = fact;
    const entry = { number: this.#numbers++, schema, name, columns: 0, partitions: 0, dependencies: 0, renamed: false };
    this.#entries.set(table, entry);
    this.#schemas.add(schema);
    this.counts.schemas = this.#schemas.size;
    this.counts.tables = this.#entries.size;
    this.#held += cost.table + 2 * (table.length + schema.length + name.length);
    if (this.#entries.size > most.tables || this.#held > most.held) throw tooLarge();
    this.#put(entry, fact);
  }

  /** Puts a fact aside. Those of one table come together mostly, and are kept as one text. */
  #put(entry: Entry, fact: Fact): void {
    const text = JSON.stringify(fact);
    this.#spooled += text.length + cost.fact;
    const together = this.#together;
    if (together.of !== entry || together.texts.length === TOGETHER) this.#flush();
    together.of = entry;
    together.texts.push(text);
  }

  #flush(): void {
    const { of, texts } = this.#together;
    if (of && texts.length > 0) this.#spool.put(of.number, `[${texts.join(',')}]`);
    this.#together.texts = [];
  }

  #draftOf(entry: Entry): Draft {
    return draftOf(this.#spool.texts(entry.number).flatMap((text) => JSON.parse(text) as Fact[]));
  }

  /** The tables, in no order; of those whose place is named, or all. May be asked as often as needed until it is closed. */
  async *tables(places?: ReadonlySet<string>): AsyncGenerator<ReadTable> {
    this.#flush();
    const breathe = breather();
    this.#shown ??= this.#shownTables(breathe);
    const shown = await this.#shown;
    const findShown = (schema: string, name: string): Shown =>
      shown.get(placeOf(schema, name)) ?? { schema: cleanName(schema), name: cleanName(name), columns: none };
    for (const entry of this.#entries.values()) {
      const as = findShown(entry.schema, entry.name);
      if (places && !places.has(placeOf(as.schema, as.name))) continue;
      const draft = this.#draftOf(entry);
      yield readTable(documentOf(draft, as, findShown), draft.table.estimatedRows);
      await breathe();
    }
  }

  /** Lets go of what was put aside. */
  close(): void {
    this.#spool.close();
  }

  /** How the tables are shown that are shown as something else than they are called, or have such a column, by what they really are called. */
  async #shownTables(breathe: () => Promise<void> | undefined): Promise<Map<string, Shown>> {
    const schemas = shownNames(this.#schemas);
    const shown = new Map<string, Shown>();
    for (const [schema, entries] of Map.groupBy(this.#entries.values(), (entry) => entry.schema)) {
      const names = shownNames(entries.map((entry) => entry.name));
      for (const entry of entries) {
        const columns = entry.renamed ? shownNames(this.#draftOf(entry).columns.map((column) => column.name)) : none;
        const as = { schema: schemas.get(schema) ?? schema, name: names.get(entry.name) ?? entry.name };
        if (as.schema !== schema || as.name !== entry.name || columns.size > 0) shown.set(placeOf(schema, entry.name), { ...as, columns });
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

function tooLarge(): Fault {
  return new Fault('database.failed', {
    stage: 'catalog',
    detail: 'The catalogue is larger than what is read of one database. Give the login rights on the schemas that matter alone.',
    technical: `more than ${most.tables} tables, ${most.columns} columns of one, ${most.held} bytes of names or ${most.spooled} bytes in all`,
  });
}
