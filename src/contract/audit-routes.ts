import { z } from 'zod';
import { AuditEntry, AuditQuery, AuditVerification, AuditVerificationQuery } from './audit.ts';
import { Id, page } from './paging.ts';
import type { Route } from './route.ts';

/** Routes about what was done, by whom, with what outcome. */
export const auditRoutes = {
  listAuditEntries: {
    method: 'GET',
    path: '/api/audit',
    permission: 'audit:read',
    tag: 'audit',
    summary: 'What is on record, newest first',
    query: AuditQuery,
    output: page(AuditEntry),
  },
  exportAudit: {
    method: 'GET',
    path: '/api/audit/export',
    permission: 'audit:read',
    tag: 'audit',
    summary: 'All records as lines of JSON that verify on their own; who takes them is on record',
    output: null,
    text: 'application/jsonl',
  },
  verifyAudit: {
    method: 'GET',
    path: '/api/audit/verify',
    permission: 'audit:verify',
    tag: 'audit',
    summary: 'Whether every record of the server, of all its organisations, is as it was written',
    query: AuditVerificationQuery,
    output: AuditVerification,
  },
  getAuditEntry: {
    method: 'GET',
    path: '/api/audit/:id',
    permission: 'audit:read',
    tag: 'audit',
    summary: 'One entry, by the id that an answer or a refusal names',
    params: z.strictObject({ id: Id }),
    output: AuditEntry,
  },
} as const satisfies Record<string, Route>;
