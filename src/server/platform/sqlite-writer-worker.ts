import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** What the writer is asked, with a number that its answer carries. */
export interface WriterRequest {
  readonly id: number;
  readonly request:
    | { readonly kind: 'hello' | 'begin' | 'commit' | 'rollback' | 'checkpoint' | 'close' }
    | { readonly kind: 'within'; readonly sql: string; readonly parameters: SQLInputValue[] }
    | { readonly kind: 'group'; readonly statements: readonly Single[] };
}
/** One statement of a group. */
export interface Single {
  readonly id: number;
  readonly sql: string;
  readonly parameters: SQLInputValue[];
}
export type WriterAnswer =
  | { readonly id: number; readonly rows: unknown[]; readonly changes: number }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string } };

const port = parentPort;
if (!port) throw new Error('this file runs as a worker');
const db = new DatabaseSync((workerData as { path: string }).path, { timeout: 5000 });
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON');
const statements = new Map<string, StatementSync>();

function prepared(sql: string): StatementSync {
  let statement = statements.get(sql);
  if (!statement) {
    if (statements.size >= 500) statements.clear();
    statement = db.prepare(sql);
    statements.set(sql, statement);
  }
  return statement;
}

function run(id: number, sql: string, parameters: SQLInputValue[]): WriterAnswer {
  try {
    const statement = prepared(sql);
    if (statement.columns().length > 0) {
      const rows = statement.all(...parameters);
      return { id, rows, changes: rows.length };
    }
    return { id, rows: [], changes: Number(statement.run(...parameters).changes) };
  } catch (error) {
    return failed(id, error);
  }
}

function failed(id: number, error: unknown): WriterAnswer {
  const { message, code, errcode } = error as Error & { code?: string; errcode?: number };
  return { id, error: { message, code: errcode === undefined ? (code ?? 'UNKNOWN') : `SQLITE_${errcode}` } };
}

function command(id: number, sql: string): WriterAnswer {
  try {
    db.exec(sql);
    return { id, rows: [], changes: 0 };
  } catch (error) {
    // A commit that failed must not leave its transaction open for whoever comes next.
    if (db.isTransaction) db.exec('ROLLBACK');
    return failed(id, error);
  }
}

/** Runs single statements in one transaction; nothing is acknowledged before its commit. */
function group(statements: readonly Single[]): WriterAnswer[] {
  const fail = (error: { message: string; code: string }): WriterAnswer[] => statements.map(({ id }) => ({ id, error }));
  const first = statements[0];
  if (!first) return [];
  const begun = command(first.id, 'BEGIN IMMEDIATE');
  if ('error' in begun) return fail(begun.error);
  const answers: WriterAnswer[] = [];
  for (const { id, sql, parameters } of statements) {
    // A failing statement undoes itself alone, unless the failure (disk full) ended the whole transaction.
    answers.push(run(id, sql, parameters));
    if (!db.isTransaction) return fail({ message: 'the store could not keep this', code: 'SQLITE_FULL' });
  }
  const done = command(first.id, 'COMMIT');
  return 'error' in done ? fail(done.error) : answers;
}

function handle({ id, request }: WriterRequest): WriterAnswer[] {
  if (request.kind === 'group') return [...group(request.statements), { id, rows: [], changes: 0 }];
  if (request.kind === 'within') return [run(id, request.sql, request.parameters)];
  if (request.kind === 'close') {
    db.close();
    return [{ id, rows: [], changes: 0 }];
  }
  const sql = {
    hello: 'SELECT 1',
    begin: 'BEGIN IMMEDIATE',
    commit: 'COMMIT',
    rollback: 'ROLLBACK',
    checkpoint: 'PRAGMA wal_checkpoint(TRUNCATE)',
  }[request.kind];
  return [command(id, sql)];
}

port.on('message', (message: WriterRequest) => port.postMessage(handle(message)));
