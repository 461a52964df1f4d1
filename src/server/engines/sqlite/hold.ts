import type { Judged } from '../engine.ts';
import { fold } from './fold.ts';
import { tableFunctions } from './guard-names.ts';
import { holdJoins } from './hold-joins.ts';
import { holdReads, type Question } from './hold-reads.ts';
import { readsOfViews } from './hold-views.ts';

/** What of an open file is needed here. */
export interface OpenFile {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  setAuthorizer(authorizer: Question | null): void;
  prepare(sql: string): { get(): unknown; all(...values: string[]): readonly object[] };
}

/** Runs `work` with an authorizer that holds the file to the verdict on a statement: what is there by another name than the guard knew is not read. */
export function hold(database: OpenFile, judged: Judged, sql: string, work: (judge: Question) => void): void {
  holdJoins(database, judged, sql, () => {
    refuseLookalikes(database, judged, sql);
    work(holdReads(judged, readsOfViews(database, judged, sql)));
  });
}

/** json_each and its kin are functions as long as no table is called so: where one is, and is not published, it would be read instead. */
function refuseLookalikes(database: OpenFile, { tables }: Pick<Judged, 'tables'>, sql: string): void {
  if (!/json/i.test(sql)) return;
  const named = new Set(tables.map(({ table }) => fold(table)));
  database.setAuthorizer(null);
  const others = database
    .prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'json%'")
    .all()
    .flatMap((row) => Object.values(row))
    .map((name) => fold(String(name)));
  if (others.some((name) => tableFunctions.has(name) && !named.has(name)))
    throw Object.assign(new Error('a table is called as a function is'), { errcode: 23 });
}
