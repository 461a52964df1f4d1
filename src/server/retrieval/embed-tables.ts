import { createHash } from 'node:crypto';
import type { TableDocument } from '../../contract/catalog.ts';
import type { Store } from '../platform/database.ts';
import type { Building } from './build-passages.ts';
import { type Embedder, EmbedderError } from './embedder.ts';
import { countTables } from './passage-store.ts';
import { textsOf, textVersion } from './table-texts.ts';
import { encodeVectors } from './vector-codes.ts';
import {
  completeVectors,
  countWithoutVectors,
  findVectorsOfTexts,
  findWithoutVectors,
  isComplete,
  putVectors,
  type VectorSpace,
} from './vector-store.ts';

/** Tables of one transaction: what a kill costs at the most. */
const BATCH = 32;

/** Under which name the vectors of an embedder are kept: those of texts made otherwise are others. */
export const nameOfSpace = ({ id }: Embedder): string => `${id}, texts ${textVersion}`;

/**
 * Gives every published table the vectors it lacks, and answers how many texts were embedded for it. Tables whose texts have vectors
 * already take those over. Each batch is kept by itself: cut short anywhere, the next call goes on where this one ended.
 */
export async function embedTables(
  { db }: Store,
  embedder: Embedder,
  connectionId: string,
  { signal, progress }: Building,
): Promise<number> {
  const total = await countTables(db, connectionId);
  if (total === 0) return 0;
  const space = { embedder: nameOfSpace(embedder), dimensions: await dimensionsOf(embedder, signal) };
  let left = await countWithoutVectors(db, connectionId, space);
  const complete = left === 0 && (await isComplete(db, connectionId, space));
  let embedded = 0;
  for (let last = ''; ; ) {
    progress(total - left, total);
    const tables = await findWithoutVectors(db, connectionId, space, { last, limit: BATCH });
    signal.throwIfAborted();
    const end = tables.at(-1);
    if (!end) break;
    const texts = tables.map(({ id, document }) => ({ id, texts: textsOf(JSON.parse(document) as TableDocument) }));
    embedded += await embedBatch(db, embedder, { space, texts, signal });
    left = Math.max(0, left - tables.length);
    last = end.id;
  }
  if (!complete) await completeVectors(db, connectionId, space);
  return embedded;
}

/** How long the vectors are: an embedder that cannot tell is asked for one. */
async function dimensionsOf(embedder: Embedder, signal: AbortSignal): Promise<number> {
  return embedder.dimensions ?? (await embedder.embed(['table'], signal))[0]?.length ?? 0;
}

interface Batch {
  readonly space: VectorSpace;
  readonly texts: readonly { readonly id: string; readonly texts: readonly string[] }[];
  readonly signal: AbortSignal;
}

async function embedBatch(db: Store['db'], embedder: Embedder, { space, texts, signal }: Batch): Promise<number> {
  const hashed = texts.map((one) => ({ ...one, hash: createHash('sha256').update(JSON.stringify(one.texts)).digest('base64url') }));
  const hashes = [...new Set(hashed.map(({ hash }) => hash))];
  const known = await findVectorsOfTexts(db, space, hashes);
  const unknown = [...new Map(hashed.filter(({ hash }) => !known.has(hash)).map((one) => [one.hash, one])).values()];
  const vectors = await embedder.embed(
    unknown.flatMap((one) => one.texts),
    signal,
  );
  // Where the endpoint has another model by now, the next reading makes all vectors anew.
  if (vectors.some((vector) => vector.length !== space.dimensions))
    throw new EmbedderError('the vectors are of another length than before', true);
  let at = 0;
  for (const one of unknown) {
    known.set(one.hash, encodeVectors(vectors.slice(at, at + one.texts.length)));
    at += one.texts.length;
  }
  signal.throwIfAborted();
  const kept = hashed.flatMap(({ id, hash }) => {
    const bytes = known.get(hash);
    return bytes ? [{ id, hash, bytes }] : [];
  });
  await putVectors(db, space, kept);
  return vectors.length;
}
