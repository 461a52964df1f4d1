import { useSyncExternalStore } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import type { Problem } from '../../../contract/faults.ts';
import type { QueryResult, Verdict } from '../../../contract/query.ts';
import { client } from '../../api.ts';

/** What became of the last statement; `sql` is the text that it is about. */
export type Outcome = { readonly sql: string } & (
  | { readonly kind: 'rows'; readonly result: QueryResult }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled'; readonly ms: number }
);

/** What a person is about to ask one connection. */
export interface QuerySession {
  readonly text: string;
  readonly maxRows: number;
  /** What goes on just now, and since when. */
  readonly busy: { readonly what: 'run' | 'check'; readonly since: number } | null;
  readonly outcome: Outcome | null;
}

const fresh: QuerySession = { text: '', maxRows: 1_000, busy: null, outcome: null };
// Kept beside the page: leaving it stops nothing, and coming back shows what has become of it. In memory alone: texts hold values.
const sessions = new Map<string, QuerySession>();
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();

const stateOf = (key: string): QuerySession => sessions.get(key) ?? fresh;

function change(key: string, to: Partial<QuerySession>): void {
  sessions.set(key, { ...stateOf(key), ...to });
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function runStatement(id: string, sql: string, maxRows: number, signal: AbortSignal): Promise<Outcome> {
  try {
    return { kind: 'rows', sql, result: await client.runQuery({ params: { id }, body: { sql, maxRows } }, { signal }) };
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'statement.refused') return { kind: 'refused', sql, problem: error.problem };
    throw error;
  }
}

async function checkStatement(id: string, sql: string, signal: AbortSignal): Promise<Outcome> {
  return { kind: 'verdict', sql, verdict: await client.checkQuery({ params: { id }, body: { sql } }, { signal }) };
}

async function perform(key: string, id: string, what: 'run' | 'check'): Promise<void> {
  const { text: sql, maxRows, busy } = stateOf(key);
  if (busy || !sql.trim()) return;
  const since = Date.now();
  const stop = new AbortController();
  stops.set(key, stop);
  change(key, { busy: { what, since } });
  const { signal } = stop;
  try {
    const outcome = await (what === 'run' ? runStatement(id, sql, maxRows, signal) : checkStatement(id, sql, signal));
    change(key, { busy: null, outcome });
  } catch (error) {
    const cancelled = { kind: 'cancelled', sql, ms: Date.now() - since } as const;
    change(key, { busy: null, outcome: signal.aborted ? cancelled : { kind: 'failed', sql, error } });
  } finally {
    stops.delete(key);
  }
}

/** The statement that this person writes for a connection, and what can be done with it. */
export function useQuerySession(userId: string, connectionId: string) {
  const key = `${userId} ${connectionId}`;
  const session = useSyncExternalStore(subscribe, () => stateOf(key));
  return {
    ...session,
    write: (text: string) => change(key, { text }),
    limitRows: (maxRows: number) => change(key, { maxRows }),
    run: () => void perform(key, connectionId, 'run'),
    check: () => void perform(key, connectionId, 'check'),
    cancel: () => stops.get(key)?.abort(),
  };
}
