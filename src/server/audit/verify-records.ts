import { setImmediate } from 'node:timers/promises';
import type { AuditVerification } from '../../contract/audit.ts';
import type { Database } from '../platform/database.ts';
import { ChainVerifier } from './chain-verifier.ts';
import type { Head } from './checkpoint.ts';
import { readClaims } from './claims.ts';
import { contentOf, nextRecords, type RecordRow } from './record-store.ts';

const PAGE = 500;
type Place = Pick<RecordRow, 'chain' | 'sequence'>;

/** Follows every chain in the store. `known`: checkpoints that were kept elsewhere, which the chains must still hold. */
export async function verifyRecords(db: Database, publicKey: string, known: readonly Head[]): Promise<AuditVerification> {
  const claims = await readClaims(db, publicKey);
  for (const head of known) claims.add(head);
  const verifier = new ChainVerifier(publicKey, claims);
  for (let after: Place | null = null, going = true; going; ) {
    const rows: RecordRow[] = await nextRecords(db, after, PAGE);
    for (const row of rows) {
      const { chain, sequence, previous, hash } = row;
      going = going && verifier.take({ chain, sequence, previous, hash, content: contentOf(row) });
    }
    after = rows.at(-1) ?? after;
    going = going && rows.length === PAGE;
    // The embedded store answers in this thread: let others in between.
    await setImmediate();
  }
  return verifier.end();
}
