import { setImmediate } from 'node:timers/promises';
import type { AuditVerification } from '../../contract/audit.ts';
import type { Database } from '../platform/database.ts';
import { ChainVerifier } from './chain-verifier.ts';
import type { Head } from './checkpoint.ts';
import { addHead, namedHeads } from './named-heads.ts';
import { contentOf, nextRecords } from './record-store.ts';

const PAGE = 500;

/** Follows every chain in the store. `known`: checkpoints that were kept elsewhere, which the chains must still hold. */
export async function verifyRecords(db: Database, publicKey: string, known: readonly Head[]): Promise<AuditVerification> {
  const named = await namedHeads(db);
  for (const head of known) addHead(named, head);
  const verifier = new ChainVerifier(publicKey, named);
  for (let after = { chain: '', sequence: 0 }, going = true; going; ) {
    const rows = await nextRecords(db, after, PAGE);
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
