import type { PublishedCatalog } from '../engines/guard.ts';

/** How many catalogues are kept: as many as a worker of the guard keeps. */
const MOST = 8;

/** Reads what is published of a connection, and keeps the most recent: the same object for the same snapshot. */
export function keepCatalogs(
  read: (connectionId: string, snapshot: number) => Promise<PublishedCatalog>,
): (connectionId: string, snapshot: number) => Promise<PublishedCatalog> {
  const kept = new Map<string, Promise<PublishedCatalog>>();
  return (connectionId, snapshot) => {
    const key = `${connectionId} ${snapshot}`;
    const known = kept.get(key) ?? read(connectionId, snapshot);
    kept.delete(key);
    kept.set(key, known);
    known.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST) break;
      kept.delete(oldest);
    }
    return known;
  };
}
