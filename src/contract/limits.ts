import { z } from 'zod';

/** What an answer may be where nobody lowered it; a caller may ask for more rows than usual, up to the most. */
export const queryLimits = {
  usualRows: 1_000,
  mostRows: 10_000,
  /** Rows times columns. */
  cells: 1_000_000,
  bytes: 10 * 1024 * 1024,
  timeoutMs: 30_000,
} as const;

const rescanHours = z
  .int()
  .min(0)
  .max(24 * 30)
  .describe('Hours between readings of the schema; 0 = only when asked');
const lowered = {
  maxRows: z.int().min(1).max(queryLimits.mostRows).nullable().describe('Rows of an answer at the most'),
  maxBytes: z.int().min(1024).max(queryLimits.bytes).nullable().describe('Bytes of an answer at the most, counted on the socket'),
  timeoutMs: z.int().min(100).max(queryLimits.timeoutMs).nullable().describe('Milliseconds that a statement may take at the most'),
};

/** Limits of a connection: of its queries they only lower what holds everywhere; null where that is not lowered. */
export const Limits = z.object({
  rescanHours: rescanHours.default(24),
  maxRows: lowered.maxRows.default(null),
  maxBytes: lowered.maxBytes.default(null),
  timeoutMs: lowered.timeoutMs.default(null),
});
export type Limits = z.infer<typeof Limits>;

/** A change of limits: what is left out stays as it is, so nothing here has a default. */
export const LimitsInput = z.strictObject({ rescanHours, ...lowered }).partial();
export type LimitsInput = z.infer<typeof LimitsInput>;
