import type { Passage } from './passage.ts';

/** Which tables are joined by foreign keys (or read by a view), without direction; and how many refer to each. */
export interface ForeignKeyGraph {
  /** The neighbours of table t: neighbours from start[t] to start[t + 1]. */
  readonly start: Uint32Array;
  readonly neighbours: Uint32Array;
  readonly referredBy: Uint32Array;
}

/** The graph of one connection's tables. */
export function graphOf(passages: readonly Pick<Passage, 'schema' | 'table' | 'refersTo'>[]): ForeignKeyGraph {
  const key = (schema: string, table: string) => `${schema}\u0000${table}`;
  const ids = new Map(passages.map((passage, t) => [key(passage.schema, passage.table), t]));
  const sets = passages.map(() => new Set<number>());
  const referredBy = new Uint32Array(passages.length);
  passages.forEach((passage, t) => {
    const targets = new Set(passage.refersTo.map((to) => ids.get(key(to.schema, to.table))));
    for (const to of targets) {
      if (to === undefined || to === t) continue;
      sets[t]?.add(to);
      sets[to]?.add(t);
      referredBy[to] = (referredBy[to] ?? 0) + 1;
    }
  });
  const start = new Uint32Array(passages.length + 1);
  sets.forEach((set, t) => {
    start[t + 1] = (start[t] ?? 0) + set.size;
  });
  return { start, neighbours: Uint32Array.from(sets.flatMap((set) => [...set])), referredBy };
}

/** The tables joined to t. */
export function neighboursOf(graph: ForeignKeyGraph, t: number): Uint32Array {
  return graph.neighbours.subarray(graph.start[t], graph.start[t + 1]);
}

/** One step of a walk over the graph: each table hands its share on to its neighbours in equal parts. */
export function walk(graph: ForeignKeyGraph, shares: Float64Array): Float64Array {
  const next = new Float64Array(shares.length);
  for (let t = 0; t < shares.length; t++) {
    const [from, to] = [graph.start[t] ?? 0, graph.start[t + 1] ?? 0];
    const part = (shares[t] ?? 0) / (to - from);
    for (let i = from; i < to; i++) {
      const other = graph.neighbours[i] ?? 0;
      next[other] = (next[other] ?? 0) + part;
    }
  }
  return next;
}
