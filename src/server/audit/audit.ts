import type { z } from 'zod';
import type { AuditQuery, AuditVerification } from '../../contract/audit.ts';
import type { Actor } from '../platform/actor.ts';
import { type Database, type Store, storeFacts } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import type { Log } from '../platform/log.ts';
import { begunContent, type NewAttempt, type Settlement, settledContent } from './attempt.ts';
import { ChainWriter } from './chain-writer.ts';
import { readHead } from './checkpoint.ts';
import { exportRecords } from './export-records.ts';
import type { AuditKey } from './open-chain.ts';
import { ChainChanged } from './own-records.ts';
import { getEntry, listEntries } from './read-entries.ts';
import { deedContent, type NewRecord } from './record.ts';
import { endChain, touchChain, unsettled } from './record-store.ts';
import { SILENCE_MS, settleLost } from './settle-lost.ts';
import { UnansweredAttempts } from './unanswered-attempts.ts';
import { verifyRecords } from './verify-records.ts';

export type { NewAttempt, Settlement } from './attempt.ts';
export { readHead } from './checkpoint.ts';
export type { AuditKey } from './open-chain.ts';
export type { NewRecord } from './record.ts';
export { verifyExport } from './verify-export.ts';

const CHECKPOINT_MS = 60_000;
const TOUCH_MS = 10_000;
/** Milliseconds between two looks whether a store that failed answers again. */
const RETRY_MS = 2_000;

/** An attempt that is being put on record. */
export interface OpenAttempt {
  /** The id of its entry. */
  readonly id: string;
  /** Resolves once its beginning is on disk: not a byte of the answer may leave before. Rejects with store.unavailable. */
  readonly recorded: Promise<void>;
  /** Says how it ended; resolves once that is on disk. */
  settle(settlement: Settlement): Promise<void>;
}

/** What was done, by whom, with what outcome: append-only records in signed chains. The only door of this feature. */
export type Audit = Awaited<ReturnType<typeof openAudit>>;

/** Opens this process's chain. */
export async function openAudit({ store, log, key, silence = SILENCE_MS }: { store: Store; log: Log; key: AuditKey; silence?: number }) {
  const writer = await ChainWriter.open({ store, log, key });
  const { signer } = writer;
  const { db } = store;
  const unanswered = new UnansweredAttempts({ db, log }, writer);
  const failed = (what: string) => (error: unknown) => log.error({ err: error }, what);
  const timers: NodeJS.Timeout[] = [];
  const every = (ms: number, what: string, work: () => Promise<unknown>): void => {
    timers.push(setInterval(() => work().catch(failed(what)), ms).unref());
  };
  await settleLost({ store, log }, writer, silence);
  every(CHECKPOINT_MS, 'the audit chain could not be signed', () => writer.checkpoint());
  every(RETRY_MS, 'attempts that were not answered could not be settled', () => unanswered.settle());
  if (storeFacts[store.kind].multipleProcesses) {
    every(TOUCH_MS, 'the audit chain could not be kept alive', () => touchChain(db, writer.chain));
    every(silence, 'lost attempts could not be settled', () => settleLost({ store, log }, writer, silence));
  }
  const record = async (trx: Database, entry: NewRecord): Promise<void> => writer.record(trx, deedContent(entry));
  return {
    /**
     * Keeps a record in the transaction of what it tells of; that it cannot be kept fails the deed. It is the last statement of that
     * transaction: from it on the chain is held until the commit, and who holds the chain must wait for nothing else. A deed that took a row
     * afterwards could wait for another that has the row and waits for the chain.
     */
    record,
    /** Puts the beginning of an attempt on record, beside whatever else is done meanwhile. */
    begin(attempt: NewAttempt): OpenAttempt {
      const begun = begunContent(attempt);
      const { id } = begun;
      const recorded = unanswered.watch(id, writer.appendSoon(begun));
      return {
        id,
        recorded,
        settle: (settlement) => unanswered.end(id, recorded, () => writer.append(settledContent(begun, settlement))),
      };
    },
    list: (actor: Actor, query: z.output<typeof AuditQuery>) => listEntries(db, actor, query),
    get: (actor: Actor, input: { readonly id: string }) => getEntry(db, actor, input),
    /** Follows every chain of the store. `checkpoint`: one that was kept elsewhere. */
    async verify({ checkpoint }: { readonly checkpoint?: string | undefined } = {}): Promise<AuditVerification> {
      const changed = await writer.checkpoint().then(() => null, changedOnly);
      const known = checkpoint === undefined ? null : readHead(checkpoint);
      const found = await verifyRecords(db, signer.publicKey, known ? [known] : []);
      return changed && found.ok ? { ...found, ok: false, firstFault: changed.fault } : found;
    },
    /** Lines of JSON that verify on their own; that they were taken is on record. */
    async export(actor: Actor): Promise<AsyncIterable<string>> {
      const by = { id: actor.userId, name: actor.name, via: actor.via };
      const about = { subject: 'audit', subjectId: null, outcome: 'done', detail: {} } as const;
      await record(db, { organizationId: actor.organizationId, actor: by, action: 'audit.exported', ...about });
      if (await writer.checkpoint().then(() => null, changedOnly))
        throw new Fault('store.unavailable', {
          detail: 'The record was changed in the store, so nothing is signed any more: `portcullis audit verify` tells where.',
        });
      return exportRecords(db, actor.organizationId, signer);
    },
    /** Signs the end of the chain and takes no more. */
    async close(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      await unanswered.settle().catch(failed('attempts that were not answered could not be settled'));
      if (await writer.close().then(() => null, changedOnly)) return;
      if ((await unsettled(db, writer.chain, 1)).length === 0) await endChain(db, writer.chain);
    },
  };
}

/** That somebody else wrote into the chain is told; any other failure is one. */
function changedOnly(error: unknown): ChainChanged {
  if (error instanceof ChainChanged) return error;
  throw error;
}
