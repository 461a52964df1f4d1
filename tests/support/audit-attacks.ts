import type { AuditVerification } from '../../src/contract/audit.ts';
import { ChainVerifier } from '../../src/server/audit/chain-verifier.ts';
import type { Head } from '../../src/server/audit/checkpoint.ts';
import { Claims } from '../../src/server/audit/claims.ts';
import { contentOf, type RecordRow } from '../../src/server/audit/record-store.ts';
import { newId } from '../../src/server/platform/clock.ts';
import type { Store } from '../../src/server/platform/database.ts';
import { contentHash, recordHash } from '../../src/server/platform/record-hash.ts';

/** All records, chain by chain. */
export const every = (store: Store): Promise<RecordRow[]> =>
  store.db.selectFrom('records').selectAll().orderBy('chain').orderBy('sequence').execute();

/** What somebody with the store's own rights can do: switch off what refuses a change, then write what they like. */
export async function overwrite(store: Store, rows: readonly RecordRow[]): Promise<void> {
  const run = (text: string) =>
    store.db.executeQuery({
      sql: text,
      parameters: [],
      query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
      queryId: { queryId: '' },
    });
  const triggers =
    store.kind === 'server'
      ? ['drop trigger if exists records_append_only on records', 'drop trigger if exists records_no_truncate on records']
      : ['update', 'delete', 'replace'].map((what) => `drop trigger if exists records_no_${what}`);
  for (const text of [...triggers, 'delete from records']) await run(text);
  for (let at = 0; at < rows.length; at += 500)
    await store.db
      .insertInto('records')
      .values(rows.slice(at, at + 500))
      .execute();
}

/** The rows after a place written anew, so that each follows the one before. */
export function rehashed(rows: readonly RecordRow[], from: number): RecordRow[] {
  const made = rows.slice(0, from);
  for (const row of rows.slice(from)) {
    const before = made.at(-1);
    const same = before?.chain === row.chain;
    const place = { chain: row.chain, sequence: same ? before.sequence + 1 : 1, previous: same ? before.hash : '' };
    const content = contentOf(row);
    if (!content) throw new Error('damaged');
    made.push({ ...row, ...place, hash: recordHash(place, contentHash(content)) });
  }
  return made;
}

/** A record with another name on it. */
export const forged = (row: RecordRow | undefined, about: Partial<RecordRow> = {}): RecordRow => {
  if (!row) throw new Error('there is no such row');
  return { ...row, actor_name: 'Mallory', ...about };
};
/** An intruder's ways, each at one place. */
export const attacks: Readonly<Record<string, (rows: readonly RecordRow[], at: number) => readonly RecordRow[]>> = {
  change: (rows, at) => rows.map((row, i) => (i === at ? forged(row) : row)),
  remove: (rows, at) => rows.filter((_, i) => i !== at),
  'remove and close the gap': (rows, at) =>
    rows
      .filter((_, i) => i !== at)
      .map((row, i) => (i >= at && row.chain === rows[at]?.chain ? { ...row, sequence: row.sequence - 1 } : row)),
  insert: (rows, at) => {
    const extra = forged(rows[at], { id: newId(), attempt: null });
    return [
      ...rows.slice(0, at + 1),
      { ...extra, sequence: extra.sequence + 1 },
      ...rows.slice(at + 1).map((row) => (row.chain === extra.chain ? { ...row, sequence: row.sequence + 1 } : row)),
    ];
  },
  reorder: (rows, at) => {
    const other = rows.findIndex((row, i) => i !== at && row.chain === rows[at]?.chain);
    return rows.map((row, i) => {
      const place = i === at ? rows[other] : i === other ? rows[at] : undefined;
      return place ? { ...row, sequence: place.sequence, previous: place.previous } : row;
    });
  },
  recompute: (rows, at) =>
    rehashed(
      rows.map((row, i) => (i === at ? forged(row) : row)),
      at,
    ),
  truncate: (rows, at) => rows.filter((row, i) => i < at || row.chain !== rows[at]?.chain),
};

/** Verifies rows as if they stood in the store. */
export function follow(rows: readonly RecordRow[], publicKey: string, known: Head | null): AuditVerification {
  const claims = new Claims(publicKey);
  if (known) claims.add(known);
  for (const row of rows) {
    const content = row.kind === 'opened' && row.sequence === 1 ? contentOf(row) : null;
    if (content) claims.take(row.chain, content);
  }
  const verifier = new ChainVerifier(publicKey, claims);
  const inOrder = rows.toSorted((a, b) => (a.chain === b.chain ? a.sequence - b.sequence : a.chain < b.chain ? -1 : 1));
  for (const row of inOrder) if (!verifier.take({ ...row, content: contentOf(row) })) break;
  return verifier.end();
}
