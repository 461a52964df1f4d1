import { readSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Cell } from '../engine.ts';
import { type CutBy, RowGate } from '../row-gate.ts';
import { type Authorizer, judgeCatalog, judgeReading, noteTables } from './authorizer.ts';
import { cellOf, kindOf, typeOf } from './cells.ts';
import { frameOf, type Hello, type Reply, type Request } from './frames.ts';
import { hold } from './hold.ts';
import type { Question } from './hold-reads.ts';

/*
 * The process in which one database file is read. It does one thing after another and never returns to its event loop: a statement that runs
 * too long is ended by ending the process.
 */
const pipe = 3;
const lifeline = 4;
const batchBytes = 64 * 1024;

/** At once: leaving in good order would wait for the thread below, which waits for something else. */
const leave = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
};

// While SQLite works this thread hears nothing: another one sees to it that the process ends when it must.
const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
new Worker(new URL(`./child-watch${ending}`, import.meta.url), { workerData: { lifeline, mostBytes: 256 * 1024 * 1024 } });

function readExactly(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const count = readSync(pipe, bytes, at, length - at, null);
    if (count === 0) leave();
    at += count;
  }
  return bytes;
}

const hear = <T>(): T => JSON.parse(readExactly(readExactly(4).readUInt32LE(0)).toString()) as T;

function write(frame: Buffer): void {
  for (let at = 0; at < frame.length; ) at += writeSync(pipe, frame, at);
}
const say = (reply: Reply): void => write(frameOf(JSON.stringify(reply)));

/** The limits of the session in SQLite itself, for what a statement may cost before it reads a row. */
const limits = {
  attach: 0,
  length: 16 * 1024 * 1024,
  sqlLength: 1024 * 1024,
  column: 2000,
  exprDepth: 1000,
  compoundSelect: 500,
  vdbeOp: 1_000_000,
  functionArg: 127,
  likePatternLength: 10_000,
  variableNumber: 2000,
  triggerDepth: 1,
};
const settings = [
  'PRAGMA trusted_schema = OFF',
  'PRAGMA cell_size_check = ON',
  // Sorting that does not fit must not go to a disk; that memory has an end is watched by the other thread.
  'PRAGMA temp_store = MEMORY',
  'PRAGMA query_only = ON',
];

function codeOf(error: unknown): number {
  const code = error instanceof Error ? Reflect.get(error, 'errcode') : null;
  return typeof code === 'number' ? code & 0xff : 1;
}

/** The code with which a statement is refused; 0 where it is not. */
function refusalOf(database: DatabaseSync, statements: readonly string[]): number {
  try {
    for (const sql of statements) database.exec(sql);
    return 0;
  } catch (error) {
    return codeOf(error);
  }
}

function openFile({ path, dev, ino }: Hello): { database: DatabaseSync; version: string; refusals: number[] } {
  const options = { readOnly: true, allowExtension: false, defensive: true, readBigInts: true, returnArrays: true, timeout: 2000, limits };
  const database = new DatabaseSync(path, options);
  const now = statSync(path, { bigint: true });
  if (String(now.dev) !== dev || String(now.ino) !== ino) throw new Error('another file');
  // Tried before anything else protects the file: the file itself must be open for reading alone. Were it not, this would be undone at once.
  const write = ['BEGIN', 'CREATE TABLE "portcullis: nothing writes" (a)'];
  const unprotected = refusalOf(database, write);
  if (database.isTransaction) database.exec('ROLLBACK');
  for (const sql of settings) database.exec(sql);
  const [[version] = []] = database.prepare('SELECT sqlite_version()').all() as unknown as string[][];
  database.setAuthorizer(judgeReading);
  const refusals = [unprotected, refusalOf(database, write)];
  database.setAuthorizer(judgeCatalog);
  // The first look into the file: an encrypted or damaged one shows itself here.
  database.prepare('SELECT count(*) FROM pragma_table_list').get();
  return { database, version: version ?? '', refusals };
}

/** A number without a fraction is meant as an integer, and true as 1, as SQLite has it. */
const bound = (value: Cell) => (typeof value === 'boolean' ? BigInt(value) : Number.isSafeInteger(value) ? BigInt(value as number) : value);

/** What stands behind the first statement: nothing but spaces, semicolons and comments may. */
function refuseSecond(sql: string, statement: StatementSync): void {
  const rest = sql.slice(statement.sourceSQL.length).replace(/--[^\n]*|\/\*[\s\S]*?(\*\/|$)/g, '');
  if (/[^\s;]/.test(rest)) throw Object.assign(new Error('more than one statement'), { errcode: 23 });
}

/** Whether the statement under way has begun to read. */
let running = false;

type Limits = Pick<Extract<Request, { kind: 'read' }>, 'maxRows' | 'maxCells' | 'maxBytes'>;

/** Runs one statement and says its rows, in batches, to its end or to a limit. */
function answer(database: DatabaseSync, judge: Authorizer | Question, sql: string, parameters: readonly Cell[], limits: Limits): void {
  database.setAuthorizer(judge);
  const statement = database.prepare(sql);
  refuseSecond(sql, statement);
  const declared = statement.columns();
  const kinds = declared.map(() => new Set<string>());
  let batch: string[] = [];
  let held = 0;
  const gate = new RowGate(limits);
  let limit: CutBy | null = null;
  running = true;
  const flush = () => {
    if (batch.length > 0) write(frameOf(`{"kind":"rows","bytes":${held},"rows":[${batch.join(',')}]}`));
    batch = [];
    held = 0;
  };
  for (const row of statement.iterate(...parameters.map(bound)) as Iterable<readonly unknown[]>) {
    const text = JSON.stringify(row.map(cellOf));
    const size = Buffer.byteLength(text);
    limit = gate.admit(row.length, size);
    if (limit !== null) break;
    for (const [index, value] of row.entries()) kinds[index]?.add(kindOf(value));
    held += size;
    batch.push(text);
    if (held >= batchBytes) flush();
  }
  flush();
  const columns = declared.map(({ name, type }, index) => ({ name, type: typeOf(type, kinds[index] ?? new Set()) }));
  say({ kind: 'end', columns, limit, bytes: gate.bytes });
}

function read(database: DatabaseSync, { sql, parameters, judged, ...limits }: Extract<Request, { kind: 'read' }>): void {
  if (!judged) answer(database, judgeReading, sql, parameters, limits);
  else hold(database, judged, sql, (judge) => answer(database, judge, sql, parameters, limits));
}

function tablesOf(database: DatabaseSync, sql: string): string[] | null {
  const tables = new Set<string>();
  database.setAuthorizer(noteTables(tables));
  try {
    database.prepare(sql);
    return [...tables];
  } catch {
    return null;
  }
}

function serve(database: DatabaseSync): never {
  const endless = { maxRows: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
  for (;;) {
    const request = hear<Request>();
    running = false;
    try {
      if (request.kind === 'tables') say({ kind: 'tables', tables: request.statements.map((sql) => tablesOf(database, sql)) });
      else if (request.kind === 'own') answer(database, judgeCatalog, request.sql, request.parameters, endless);
      else read(database, request);
    } catch (error) {
      say({ kind: 'error', code: codeOf(error), message: error instanceof Error ? error.message : '', running });
    }
  }
}

try {
  const { database, version, refusals } = openFile(hear<Hello>());
  say({ kind: 'ready', version, refusals });
  serve(database);
} catch (error) {
  say({ kind: 'error', code: codeOf(error), message: '', running: false });
}
leave();
