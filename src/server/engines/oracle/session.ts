import type { Connection, default as Driver, ExecuteOptions, Metadata, ResultSet } from 'oracledb';
import type { Certificate, StageName } from '../../../contract/connections.ts';
import { reveal } from '../../platform/secret.ts';
import type { Cell, Login, Session } from '../engine.ts';
import { descriptorOf, type OracleAddress } from './address.ts';
import { type Described, type Manner, mannerOf } from './cells.ts';
import { dateText, type Zone } from './date-text.ts';
import { Door } from './door.ts';
import { isUnread } from './faults-codes.ts';
import { type Allowance, allowanceOf, type Wire } from './wire.ts';
import { WireError } from './wire-error.ts';

/** A row of an answer to a statement of ours: every value as text. */
export type Row = readonly (string | null)[];

/** An open answer, of which rows are taken a batch at a time. */
export interface Rows {
  readonly columns: readonly Described[];
  /** The next rows, fewer than asked for only at the end. The server may send so many bytes for them. */
  next(count: number, bytes: number): Promise<Cell[][]>;
  close(): Promise<void>;
}

/** A live session of Oracle. Its statements are ours or were judged, and text from outside never gets into one: it is bound. */
export interface OracleSession extends Session {
  readonly address: OracleAddress;
  /** Protocol and cipher as we negotiated them; null where not encrypted. */
  readonly encryption: string | null;
  /** Milliseconds that a statement of our own may take. */
  readonly statementTimeoutMs: number;
  /** As the server tells it at the sign-in, such as 19.3.0.0.0. */
  readonly version: string;
  /** Runs one statement of ours; for answers that are small. */
  run(sql: string, values?: readonly Cell[]): Promise<Row[]>;
  /** Has the server parse a statement without running it: the columns of its answer, or null where it is no query. */
  parse(sql: string): Promise<readonly Described[] | null>;
  /** Runs a query and answers before its first row. */
  query(sql: string, values: readonly Cell[], limitMs?: number): Promise<Rows>;
  rollBack(): Promise<void>;
  /** Asks the server to end what runs. */
  cancel(): Promise<void>;
  /** Ends it at once, whatever it is doing, with the reason that a running statement will be told. */
  end(reason: Error): void;
}

/** What a server may send until it is ready, and in answer to a small statement of ours. */
export const smallAnswer: Allowance = allowanceOf(1024 * 1024);
const smallRows = 1000;
/** Seconds that the listener may take to lead us to the server, and milliseconds that the whole sign-in may take. */
const connectSeconds = 12;
const signInMs = 14_000;
/** How long after the database's own limit a statement that did not end is given up, with its socket. */
const graceMs = 1500;
const closingMs = 500;

/** What signing in over a ready wire needs. */
export interface Entrance {
  readonly address: OracleAddress;
  readonly login: Login;
  readonly wire: Wire;
  readonly statementTimeoutMs: number;
  readonly passed: (stage: StageName, evidence: string | null, status?: 'passed' | 'warning') => void;
}

/** What is read of a column. */
type Column = Pick<Metadata<unknown>, 'name' | 'dbTypeName' | 'precision' | 'scale' | 'byteSize'>;
const described = (column: Column): Described => ({
  name: column.name,
  type: column.dbTypeName ?? 'unknown',
  precision: column.precision ?? null,
  scale: column.scale ?? null,
  bytes: column.byteSize ?? null,
});

/** How everything is asked for: each value as what it is to be read from, and rows only when there is room for them. */
function optionsOf(driver: typeof Driver): ExecuteOptions {
  const types = { text: driver.DB_TYPE_VARCHAR, bytes: driver.DB_TYPE_RAW, itself: undefined };
  return {
    autoCommit: false,
    resultSet: true,
    outFormat: driver.OUT_FORMAT_ARRAY,
    prefetchRows: 0,
    fetchArraySize: 100,
    keepInStmtCache: false,
    fetchTypeHandler(column) {
      const type = types[mannerOf(described(column)).as];
      return type === undefined ? undefined : { type };
    },
  };
}

/** What a part of the driver holds under a name that it does not tell the world of. */
function inside(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
}

/** The longest piece of a value that is made room for, in bytes: the driver makes room for what it is told, before any of it has come. */
const longestPiece = 64 * 1024 * 1024;

/**
 * Has the driver read dates as exact text: it would make a Date of them, and lose nanoseconds and zones. And keeps it from making room for more
 * than can come. A driver in which these have no place any more is not used.
 */
function teach(connection: Connection, wire: Wire): void {
  const reader = inside(inside(inside(connection, '_impl'), '_protocol'), 'readBuf');
  const pieces = inside(reader, 'chunkedBytesBuf');
  const makeRoom = inside(pieces, 'getBuf');
  if (typeof inside(reader, 'parseOracleDate') !== 'function' || typeof makeRoom !== 'function')
    throw new Error('the driver reads in another way than it did');
  const zoneOf = (): Zone => {
    const capabilities = inside(reader, 'caps');
    const region = inside(capabilities, 'dbTzRegion');
    return typeof region === 'string' ? { region } : { minutes: Number(inside(capabilities, 'dbTzOffset') ?? 0) };
  };
  const read = (bytes: Buffer, _local: boolean, ofDatabase?: boolean) => dateText(bytes, ofDatabase ? zoneOf() : null);
  const room = (bytes: number): unknown => {
    if (bytes <= longestPiece) return Reflect.apply(makeRoom, pieces, [bytes]);
    const error = new WireError('flood');
    wire.destroy(error);
    throw error;
  };
  Object.defineProperty(reader, 'parseOracleDate', { value: read });
  Object.defineProperty(pieces, 'getBuf', { value: room });
}

const proved = 'Password, of which both sides proved that they know it';

/** Signs in over a ready wire and answers with the session, still as the server made it. Ends the wire when it fails. */
export async function signInto(entrance: Entrance): Promise<OracleSession> {
  const { address, login, wire, passed } = entrance;
  // Loaded when the first such database is opened.
  const { default: driver } = await import('oracledb');
  const door = await Door.open(wire.join);
  const late = setTimeout(() => wire.destroy(new WireError('stalled')), signInMs);
  try {
    const connecting = door.lead(() =>
      driver.getConnection({
        user: login.username,
        password: reveal(login.password),
        connectString: descriptorOf(address, door.port),
        connectTimeout: connectSeconds,
        events: false,
        externalAuth: false,
        stmtCacheSize: 0,
        program: 'portcullis',
        machine: 'portcullis',
        osUser: 'portcullis',
        terminal: 'portcullis',
        driverName: 'portcullis',
      }),
    );
    const connection = await orGone(wire, connecting);
    // The driver keeps what it was given, for a kind of connection that is never made.
    const kept = inside(connection, '_impl');
    for (const name of ['_password', '_connectParams', '_token', '_privateKey']) if (kept) Reflect.set(kept, name, null);
    teach(connection, wire);
    const warned = /^ORA-\d{5}$/.exec(String(inside(inside(connection, 'warning'), 'code')))?.[0];
    if (warned === undefined) passed('auth', proved);
    else passed('auth', `${proved}; ${warned === 'ORA-28002' ? 'it will expire soon' : 'the server warns'} (${warned})`, 'warning');
    return newSession(connection, entrance, driver);
  } catch (error) {
    const reason = wire.errored ?? error;
    wire.destroy();
    throw reason;
  } finally {
    clearTimeout(late);
    door.close();
  }
}

/** What the driver is doing, or the end of the wire if that comes first: the driver may not notice. */
async function orGone<T>(wire: Wire, work: Promise<T>): Promise<T> {
  const gone = wire.closed.then(() => {
    throw wire.errored ?? new WireError('closed_early');
  });
  try {
    return await Promise.race([work, gone]);
  } finally {
    work.catch(() => undefined);
    gone.catch(() => undefined);
  }
}

function newSession(connection: Connection, { address, wire, statementTimeoutMs }: Entrance, driver: typeof Driver): OracleSession {
  const options = optionsOf(driver);
  let last: Promise<unknown> = Promise.resolve();
  /** One at a time: the allowance is that of the call that runs. */
  function call<T>(work: () => Promise<T>, allowed: Allowance = smallAnswer, limitMs: number = statementTimeoutMs): Promise<T> {
    const next = last.then(async () => {
      if (wire.destroyed) throw wire.errored ?? new WireError('closed_early');
      wire.allow(allowed);
      connection.callTimeout = Math.max(1, Math.round(limitMs));
      const timer = setTimeout(() => wire.destroy(new WireError('stalled')), limitMs + graceMs);
      try {
        return await orGone(wire, work());
      } catch (error) {
        if (isUnread(error)) wire.destroy(error as Error);
        throw wire.errored ?? error;
      } finally {
        clearTimeout(timer);
        wire.allow(smallAnswer);
      }
    });
    last = next.catch(() => undefined);
    return next;
  }

  async function query(sql: string, values: readonly Cell[], limitMs?: number): Promise<Rows> {
    // Only the newest servers have a boolean to bind.
    const bound = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    const { resultSet } = await call(() => connection.execute<unknown[]>(sql, bound, options), smallAnswer, limitMs);
    if (!resultSet) return { columns: [], next: () => Promise.resolve([]), close: () => Promise.resolve() };
    return rowsOf(resultSet, limitMs);
  }

  function rowsOf(set: ResultSet<unknown[]>, limitMs?: number): Rows {
    const columns = set.metaData.map(described);
    const manners: readonly Manner[] = columns.map(mannerOf);
    return {
      columns,
      async next(count, bytes) {
        const held = inside(inside(set, '_impl'), 'statement');
        const exceeded = () => Number(inside(held, 'bufferRowCount')) > count;
        const rows = await call(() => set.getRows(count), { ...allowanceOf(bytes), exceeded }, limitMs);
        return rows.map((row) => row.map((value, index) => (manners[index] as Manner).cell(value)));
      },
      close: () => call(() => set.close()),
    };
  }

  async function run(sql: string, values: readonly Cell[] = []): Promise<Row[]> {
    const rows = await query(sql, values);
    if (rows.columns.length === 0) return [];
    const cells = await rows.next(smallRows, smallAnswer.bytes);
    await rows.close();
    return cells.map((row) => row.map((cell) => (cell === null ? null : String(cell))));
  }

  let cancelling: Promise<void> | null = null;
  return {
    address,
    get certificate(): Certificate | null {
      return wire.link.certificate;
    },
    get encryption() {
      return wire.link.encryption;
    },
    statementTimeoutMs,
    version: connection.oracleServerVersionString,
    get usable() {
      return !wire.destroyed;
    },
    run,
    query,
    async parse(sql) {
      const { metaData, statementType } = await call(() => connection.getStatementInfo(sql));
      // The driver tells a SELECT by its first word, and has no name for WITH; that there are columns is the server's own word.
      const isQuery = statementType === driver.STMT_TYPE_SELECT || /^\s*with\b/i.test(sql);
      return isQuery && metaData && metaData.length > 0 ? metaData.map(described) : null;
    },
    rollBack: () => call(() => connection.rollback()),
    cancel() {
      cancelling ??= connection.break().catch(() => undefined);
      return cancelling;
    },
    end: (reason) => wire.destroy(reason),
    async close() {
      if (!wire.destroyed) {
        const timer = setTimeout(() => wire.destroy(), closingMs);
        await orGone(
          wire,
          last.then(() => connection.close()),
        ).catch(() => undefined);
        clearTimeout(timer);
      }
      wire.destroy();
      await wire.closed;
    },
  };
}
