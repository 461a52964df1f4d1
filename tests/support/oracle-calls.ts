import { type Cursor, type OracleAnswer, type OracleError, writeColumns, writeEnd, writeRows } from './oracle-answer.ts';
import { Reader, Writer } from './oracle-bytes.ts';
import { OracleSignIn } from './oracle-sign-in.ts';
import { numberOf, type OracleValue, ora } from './oracle-values.ts';

/** How the double answers what it is asked. */
export interface OracleManners {
  readonly users: ReadonlyMap<string, string>;
  readonly service: string;
  readonly version: string;
  /** Answers a statement; `parsed`: it is not run, only looked at. */
  readonly answer: (sql: string, binds: readonly OracleValue[], parsed: boolean) => OracleAnswer | Promise<OracleAnswer>;
  readonly signInError: (user: string, right: boolean) => OracleError | null;
  /** Rounds of the hashing of passwords. */
  readonly rounds: number | undefined;
  /** A warning that goes with the welcome. */
  readonly warning: number | null;
  /** The zone of the database, which the driver asks for at the sign-in. */
  readonly zone: string;
  /** Whether it proves that it knows the password. */
  readonly honest: boolean;
  /** The call at which it falls silent: protocol, types, a function's number. */
  readonly silentAt: string | null;
  /** What it sends without end when rows are fetched; null for the rows. */
  readonly pours: Buffer | null;
  /** Called with every statement that is run. */
  readonly ran: (sql: string) => void;
}

const calls = { execute: 94, executeAgain: 78, executeAndFetch: 4, fetch: 5, signInOne: 118, signInTwo: 115 } as const;
/** What an execute asks for beside parsing. */
const defining = 0x10;
const running = 0x20;

/** What one connection is asked once the listener has let it in, call by call. */
export class OracleCalls {
  readonly #manners: OracleManners;
  readonly #signIn: OracleSignIn;
  readonly #cursors = new Map<number, Cursor>();
  #next = 1;
  #abort: () => void = () => undefined;
  /** Statements that are being answered. */
  busy = 0;

  constructor(manners: OracleManners) {
    this.#manners = manners;
    this.#signIn = new OracleSignIn(manners.users, manners.rounds);
  }

  /** Ends what is being answered: it will never be. */
  abort(): void {
    this.#abort();
  }

  /** The answer to a message, bytes to be sent without end, or null for silence. */
  async answer(message: Buffer): Promise<Writer | Buffer | null> {
    const asked = new Reader(message);
    let kind = asked.u8();
    while (kind === 17) kind = this.#beside(asked);
    const call = kind === 1 ? 'protocol' : kind === 2 ? 'types' : String(kind === 3 ? asked.u8() : -1);
    if (call === this.#manners.silentAt) return null;
    if (call === 'protocol') return protocol();
    if (call === 'types') return new Writer().u8(2).u16(0);
    asked.u8();
    switch (Number(call)) {
      case calls.signInOne:
        return this.#signIn.challenge(asked);
      case calls.signInTwo:
        return this.#welcome(asked);
      case calls.execute:
        return this.#execute(asked);
      case calls.executeAgain:
      case calls.executeAndFetch:
        return this.#executeAgain(asked);
      case calls.fetch: {
        const cursor = this.#cursors.get(asked.ub());
        if (this.#manners.pours && /^select x/i.test(cursor?.sql ?? '')) return this.#manners.pours;
        return cursor
          ? writeRows(new Writer(), cursor, asked.ub())
          : writeEnd(new Writer(), { num: 1002, message: 'ORA-01002: fetch out of sequence' });
      }
      default:
        // Ping, commit, rollback, the end of the session.
        return new Writer().u8(9).ub(0, 0);
    }
  }

  /** What comes before a call on its back: cursors to close, a schema. The kind of what follows. */
  #beside(asked: Reader): number {
    const call = asked.u8();
    asked.skip(1);
    if (call === 105 || call === 120) {
      asked.skip(1);
      for (let left = asked.ub(); left > 0; left -= 1) this.#cursors.delete(asked.ub());
    }
    return asked.u8();
  }

  #welcome(asked: Reader): Writer {
    const right = this.#signIn.proved(asked);
    const error =
      this.#manners.signInError(this.#signIn.user, right) ??
      (right ? null : { num: 1017, message: 'ORA-01017: invalid username/password; logon denied' });
    return error ? writeEnd(new Writer(), error) : this.#signIn.welcome(this.#manners);
  }

  async #execute(asked: Reader): Promise<Writer | null> {
    const wanted = asked.ub();
    const id = asked.ub();
    asked.skip(1);
    const length = asked.ub();
    asked.skip(1).skipNumbers(1).skip(3);
    const count = asked.ub();
    asked.skipNumbers(1).skip(1);
    const binds = asked.ub();
    asked.skip(6);
    const defines = asked.ub();
    asked.skipNumbers(1).skip(3).skipNumbers(1).skip(1).skipNumbers(2).skip(1).skipNumbers(1).skip(1).skip(1).skipNumbers(1);
    asked.skip(1).skipNumbers(1).skip(2).skipNumbers(1);
    const cursor: Cursor = this.#cursors.get(id) ?? {
      id: this.#next++,
      sql: length > 0 ? asked.text() : '',
      bound: [],
      cols: [],
      rows: [],
      at: 0,
      defined: null,
    };
    this.#cursors.set(cursor.id, cursor);
    asked.skipNumbers(13);
    const types = Array.from({ length: binds || defines }, () => {
      const type = asked.u8();
      asked.skip(3).skipNumbers(3);
      if (asked.ub() > 0) asked.sized();
      asked.skipNumbers(2).skip(1).skipNumbers(2);
      return type;
    });
    if (wanted & defining) {
      cursor.defined = types;
      return writeRows(new Writer(), cursor, count);
    }
    cursor.bound = types;
    const parsed = (wanted & running) === 0;
    return this.#run(cursor, this.#valuesOf(asked, types), parsed ? 0 : count, parsed);
  }

  #executeAgain(asked: Reader): Promise<Writer | null> | Writer {
    const cursor = this.#cursors.get(asked.ub());
    const count = asked.ub();
    asked.skipNumbers(2);
    if (!cursor) return writeEnd(new Writer(), { num: 1001, message: 'ORA-01001: invalid cursor' });
    return this.#run(cursor, this.#valuesOf(asked, cursor.bound), count, false);
  }

  #valuesOf(asked: Reader, types: readonly number[]): OracleValue[] {
    if (types.length === 0 || asked.u8() !== 7) return [];
    return types.map((type) => {
      const bytes = asked.sized();
      if (bytes === null) return null;
      return type === ora.NUMBER ? numberOf(bytes) : type === ora.RAW ? Buffer.from(bytes) : bytes.toString();
    });
  }

  async #run(cursor: Cursor, binds: readonly OracleValue[], count: number, parsed: boolean): Promise<Writer | null> {
    const aborted = new Promise<null>((resolve) => {
      this.#abort = () => resolve(null);
    });
    if (!parsed) this.#manners.ran(cursor.sql);
    this.busy += 1;
    const zone = /^select dbtimezone from dual$/i.test(cursor.sql) ? this.#manners.zone : null;
    const answer = await Promise.race([zone === null ? this.#manners.answer(cursor.sql, binds, parsed) : zoneAnswer(zone), aborted]);
    this.busy -= 1;
    if (answer === null) return null;
    const out = new Writer();
    if ('error' in answer) {
      this.#cursors.delete(cursor.id);
      return writeEnd(out, answer.error);
    }
    if (!('cols' in answer)) return writeEnd(out, { rowCount: answer.rowCount, cursor: cursor.id });
    Object.assign(cursor, { cols: answer.cols, rows: answer.rows, at: 0 });
    writeColumns(out, answer.cols);
    return parsed || count === 0 ? writeEnd(out, { cursor: cursor.id }) : writeRows(out, cursor, count);
  }
}

const zoneAnswer = (zone: string): OracleAnswer => ({ cols: [{ name: 'DBTIMEZONE', type: ora.VARCHAR, size: 64 }], rows: [[zone]] });

/** What it can do: as a server of 19c says it, without the newest extensions. */
function protocol(): Writer {
  const compile = Buffer.alloc(53);
  compile[4] = 0x2f;
  compile[7] = 12;
  const runtime = Buffer.alloc(7);
  runtime[6] = 4;
  const sets = Buffer.alloc(11);
  sets[9] = 0x07;
  sets[10] = 0xd0;
  const out = new Writer()
    .u8(1, 6, 0)
    .raw('x86_64/Linux 2.4.xx\0')
    .u8(873 & 255, 873 >> 8)
    .u8(1)
    .u16(0);
  return out.u16(sets.length).raw(sets).sized(compile).sized(runtime);
}
