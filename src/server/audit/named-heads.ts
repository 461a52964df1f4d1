import type { Database } from '../platform/database.ts';
import type { RecordContent } from '../platform/record-hash.ts';
import { type Head, readHead } from './checkpoint.ts';
import { contentOf, listOpenings } from './record-store.ts';

/** Which hash somebody says stands at a place: by chain, then by sequence number. */
export type Named = Map<string, Map<number, string>>;

/** Adds what the first record of a chain says of other chains. */
export function addNamed(named: Named, opening: RecordContent): void {
  const { predecessors } = opening.detail;
  if (!Array.isArray(predecessors)) return;
  for (const one of predecessors as readonly { chain?: unknown; sequence?: unknown; hash?: unknown }[]) {
    const head = readHead(`${one?.chain}:${one?.sequence}:${one?.hash}`);
    if (head) addHead(named, head);
  }
}

/** Adds one head. Two hashes for one place cannot both be right: no record will be. */
export function addHead(named: Named, { chain, sequence, hash }: Head): void {
  const places = named.get(chain) ?? new Map<number, string>();
  const standing = places.get(sequence) ?? hash;
  named.set(chain, places.set(sequence, standing === hash ? hash : 'contradicted'));
}

/** All that the first records of the chains in the store name. */
export async function namedHeads(db: Database): Promise<Named> {
  const named: Named = new Map();
  for (const row of await listOpenings(db)) {
    const content = contentOf(row);
    if (content) addNamed(named, content);
  }
  return named;
}
