import { z } from 'zod';
import { queryLimits } from './limits.ts';
import { Id } from './paging.ts';

/** A value that is bound to a placeholder, never spliced into text. */
export const Parameter = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A statement to run. `maxRows` and `timeoutMs` may lower a limit, never raise it. */
export const QueryInput = z.strictObject({
  sql: z.string().min(1, 'write a statement').max(65_536, 'may have 64 KiB at most'),
  parameters: z.array(Parameter).max(1000).default([]),
  maxRows: z.int().min(1).max(queryLimits.mostRows).optional(),
  timeoutMs: z.int().min(1).max(600_000).optional(),
  reason: z.string().max(500).optional(),
});
export type QueryInput = z.infer<typeof QueryInput>;
export const CheckInput = z.strictObject({ sql: z.string().min(1, 'write a statement').max(65_536, 'may have 64 KiB at most') });
export type CheckInput = z.infer<typeof CheckInput>;

/** A table that a statement reads. */
export const TableRef = z.object({ schema: z.string(), table: z.string() });
export type TableRef = z.infer<typeof TableRef>;

/** Why a statement is refused: the rule, the place in the text, and what would be allowed. */
export const Refusal = z.object({
  rule: z.string().describe('Name of the rule, such as statement.not_read, function.unlisted, relation.unknown'),
  message: z.string(),
  /** Offsets in UTF-16 units of the text; null where the whole statement is meant. */
  position: z.object({ start: z.int(), end: z.int(), line: z.int(), column: z.int() }).nullable(),
  allowed: z.string().describe('What would be allowed instead'),
});
export type Refusal = z.infer<typeof Refusal>;

/** The verdict on a statement. */
export const Verdict = z.object({
  allowed: z.boolean(),
  refusal: Refusal.nullable(),
  tables: z.array(TableRef),
  columns: z.array(z.object({ schema: z.string(), table: z.string(), column: z.string() })),
  functions: z.array(z.string()),
  fingerprint: z.string().describe('The same for statements that differ only in constants'),
});
export type Verdict = z.infer<typeof Verdict>;

/** Big integers, decimals, dates and bytes are strings; their type stands in `columns`. */
export const Cell = z.json();
export type Cell = z.infer<typeof Cell>;
export const QueryResult = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), masked: z.boolean() })),
  rows: z.array(z.array(Cell)),
  rowCount: z.int(),
  truncated: z.boolean(),
  limit: z.enum(['rows', 'cells', 'bytes']).nullable().describe('Which limit cut the answer, if one did'),
  bytes: z.int(),
  elapsedMs: z.number(),
  entryId: Id,
});
export type QueryResult = z.infer<typeof QueryResult>;
