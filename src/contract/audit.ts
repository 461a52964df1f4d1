import { z } from 'zod';
import { Id, PageQuery, Time } from './paging.ts';

/** One attempt to run something, put together from its records `begun` and `settled`. */
export const AuditEntry = z.object({
  id: Id,
  at: Time,
  actor: z.object({ id: z.string().nullable(), name: z.string(), via: z.string() }),
  action: z.string(),
  /** What it was done to, such as a connection, a member or a key. */
  subject: z.object({ kind: z.string(), id: z.string().nullable() }),
  connection: z.object({ id: Id, name: z.string() }).nullable(),
  sql: z.string().nullable(),
  fingerprint: z.string().nullable(),
  verdict: z.enum(['allowed', 'refused']).nullable(),
  rule: z.string().nullable(),
  slot: z.string().nullable(),
  outcome: z.enum(['pending', 'done', 'passed', 'refused', 'failed', 'cancelled', 'unknown']),
  fault: z.string().nullable(),
  rows: z.int().nullable(),
  bytes: z.int().nullable(),
  ms: z.number().nullable(),
  detail: z.record(z.string(), z.json()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = PageQuery.extend({
  from: Time.optional(),
  to: Time.optional(),
  actor: z.string().max(200).optional(),
  connection: Id.optional(),
  action: z.string().max(100).optional().describe('Such as query.run, or query for all of that kind'),
  outcome: z.string().max(40).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** `checkpoint`: one that was kept elsewhere (from an export, an earlier verification or the log), which the chains must still hold. */
export const AuditVerificationQuery = z.strictObject({
  checkpoint: z
    .string()
    .max(200)
    .regex(/^[0-9a-f-]{36}:\d{1,15}:[0-9a-f]{64}$/, 'must read chain:number:hash, as a verification prints it')
    .optional(),
});

/** What a verification found. `firstFault` names the first record that is not as it was written. */
export const AuditVerification = z.object({
  ok: z.boolean(),
  records: z.int(),
  checkpoints: z.int(),
  chains: z.int(),
  checkpoint: z.string().nullable().describe('The newest one: keep it elsewhere and give it to a later verification'),
  publicKey: z.string().describe('Ed25519, base64 of its DER: verifies the checkpoints'),
  firstFault: z
    .object({
      chain: z.string(),
      sequence: z.int(),
      what: z.enum(['changed', 'missing', 'inserted', 'reordered', 'checkpoint', 'truncated', 'chain']),
      detail: z.string(),
    })
    .nullable(),
});
export type AuditVerification = z.infer<typeof AuditVerification>;
