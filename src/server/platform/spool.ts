import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Fault } from './fault.ts';

/** KiB of it that are held in memory. */
const CACHE_KIB = 8192;

/**
 * Texts put aside in numbered groups and read back group by group, for what may be larger than memory should hold. They lie in a file of the
 * system's temporary folder that has no name any more once it is open: it is gone with the process, however that ends.
 */
export class Spool {
  readonly #folder: string;
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  #next = 0;

  constructor() {
    this.#folder = attempted(() => mkdtempSync(join(tmpdir(), 'portcullis-spool-')));
    try {
      this.#db = attempted(() => new DatabaseSync(join(this.#folder, 'spool.db')));
      this.#db.exec(
        `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -${CACHE_KIB}`,
      );
      attempted(() =>
        this.#db.exec('CREATE TABLE texts (held INTEGER, place INTEGER, text TEXT, PRIMARY KEY (held, place)) WITHOUT ROWID; BEGIN'),
      );
      this.#insert = this.#db.prepare('INSERT INTO texts VALUES (?, ?, ?)');
      this.#select = this.#db.prepare('SELECT text FROM texts WHERE held = ? ORDER BY place');
    } finally {
      // Where an open file keeps its name (Windows) this does nothing, and closing does it.
      this.#forget();
    }
  }

  /** Adds a text to a group. Throws store.unavailable when there is no room for it. */
  put(group: number, text: string): void {
    attempted(() => this.#insert.run(group, this.#next++, text));
  }

  /** The texts of a group in the order they came. */
  texts(group: number): string[] {
    return attempted(() => this.#select.all(group)).map((row) => String(row.text));
  }

  /** Lets go of all of it. */
  close(): void {
    if (this.#db.isOpen) this.#db.close();
    this.#forget();
  }

  #forget(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // Still open there.
    }
  }
}

function attempted<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Fault('store.unavailable', {
      detail: `The temporary folder ${tmpdir()} cannot hold what is read: see that it may be written and has room, or name another with TMPDIR.`,
      retryable: true,
      cause,
    });
  }
}
