import type { Cell, Judged } from '../engine.ts';

/** What the child is told, once and then statement by statement. */
export type Request =
  /** A statement of ours about the catalogue. */
  | { readonly kind: 'own'; readonly sql: string; readonly parameters: readonly Cell[] }
  /** Which tables each of these statements of ours would read. */
  | { readonly kind: 'tables'; readonly statements: readonly string[] }
  /** A statement of somebody else's making. */
  | {
      readonly kind: 'read';
      readonly sql: string;
      readonly parameters: readonly Cell[];
      /** What the guard found it to read; null: only that it reads at all is held. */
      readonly judged: Judged | null;
      readonly maxRows: number;
      readonly maxCells?: number;
      readonly maxBytes: number;
    };

/** What the child is told first: the file, and what the operating system must know it by. */
export interface Hello {
  readonly path: string;
  readonly dev: string;
  readonly ino: string;
}

/** What the child says: rows as they come, then the end or an error. */
export type Reply =
  | { readonly kind: 'ready'; readonly version: string; readonly refusals: readonly number[] }
  | { readonly kind: 'rows'; readonly bytes: number; readonly rows: readonly (readonly Cell[])[] }
  | {
      readonly kind: 'end';
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly limit: 'rows' | 'cells' | 'bytes' | null;
      readonly bytes: number;
    }
  /** For each statement the tables, or null where it cannot be prepared. */
  | { readonly kind: 'tables'; readonly tables: readonly (readonly string[] | null)[] }
  /** `running`: it had begun to read, so that the message may hold a value. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly running: boolean };

const headerLength = 4;

/** A message with its length before it. */
export function frameOf(text: string): Buffer {
  const body = Buffer.from(text);
  const frame = Buffer.allocUnsafe(headerLength + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, headerLength);
  return frame;
}

/** Cuts what comes through the pipe into messages. */
export class FrameCutter {
  #held: Buffer[] = [];
  #size = 0;

  /** Adds what came in; answers with the whole messages there are by now. */
  take(chunk: Buffer): string[] {
    this.#held.push(chunk);
    this.#size += chunk.length;
    const texts: string[] = [];
    for (;;) {
      if (this.#size < headerLength) return texts;
      const all = this.#joined();
      const end = headerLength + all.readUInt32LE(0);
      if (this.#size < end) return texts;
      texts.push(all.toString('utf8', headerLength, end));
      this.#held = [all.subarray(end)];
      this.#size -= end;
    }
  }

  #joined(): Buffer {
    const [first] = this.#held;
    if (first && (this.#held.length === 1 || first.length >= headerLength)) {
      // A message that is not whole yet is not put together anew for every piece of it.
      if (this.#held.length === 1 || this.#size < headerLength + first.readUInt32LE(0)) return first;
    }
    const all = Buffer.concat(this.#held, this.#size);
    this.#held = [all];
    return all;
  }
}
