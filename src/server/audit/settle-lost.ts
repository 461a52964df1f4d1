import { after } from '../platform/clock.ts';
import { type Store, storeFacts } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { RecordContent } from '../platform/record-hash.ts';
import { settledContent } from './attempt.ts';
import type { ChainWriter } from './chain-writer.ts';
import { deadChains, endChain, type RecordRow, unsettled } from './record-store.ts';

/** A process that was not heard of for so long is gone: it is heard of every ten seconds. */
export const SILENCE_MS = 30_000;
const FEW = 100;

/**
 * Settles what processes that are gone have left open, as `unknown`: whether it ran is not guessed. Where one process alone can use the
 * store, every other chain's process is gone.
 */
export async function settleLost({ store, log }: { store: Store; log: Log }, writer: ChainWriter, silence = SILENCE_MS): Promise<number> {
  const { db } = store;
  const several = storeFacts[store.kind].multipleProcesses;
  let settled = 0;
  for (const chain of await deadChains(db, writer.chain, after(several ? -silence : 1000))) {
    for (;;) {
      const lost = await unsettled(db, chain, FEW);
      if (lost.length === 0) {
        await endChain(db, chain);
        break;
      }
      // One that another process settles at this moment stays as that one says.
      const written = await Promise.allSettled(lost.map((row) => writer.append(unknown(row))));
      const kept = written.filter(({ status }) => status === 'fulfilled').length;
      settled += kept;
      if (kept === 0) break;
    }
  }
  if (settled > 0) log.warn({ attempts: settled }, 'attempts whose end is unknown were settled');
  return settled;
}

const nothing = { fault: null, rows: null, bytes: null, ms: null };

/** The end of an attempt of which only the beginning is known. */
export function unknown(row: RecordRow): RecordContent {
  const { id, via, action, subject } = row;
  const who = { organizationId: row.organization_id, actorId: row.actor_id, actorName: row.actor_name, subjectId: row.subject_id };
  return settledContent({ id, via, action, subject, ...who }, { outcome: 'unknown', ...nothing });
}
