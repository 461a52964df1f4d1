import { z } from 'zod';
import { ProblemError, UnreachableError } from '../contract/client.ts';
import { type FaultCode, faultCodes } from '../contract/faults.ts';
import type { Refusal } from '../contract/query.ts';
import { fieldText } from './field-flags.ts';
import { folded, jsonText } from './print.ts';

/** The command was written wrongly: exit code 2. */
export class UsageError extends Error {}

/** What was asked for was refused or failed, though the request itself went well: exit code 1. */
export class Failed extends Error {
  readonly code: FaultCode | 'cancelled' | 'login.missing' | 'audit.broken';
  constructor(code: Failed['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
  readonly hint?: string | undefined;
  readonly refusal?: Refusal | undefined;
  readonly entryId?: string | undefined;
  readonly requestId?: string | undefined;
}

const fold = (lead: string, text: string): string => folded(lead, text, process.stderr);

/** Says on stderr what went wrong, its code first, and gives the exit code. */
export function reportFailure(error: unknown, json: boolean): 1 | 2 {
  const told = tell(error);
  if (json) process.stderr.write(`${jsonText(told)}\n`);
  else {
    const lines = told.message.split('\n').map((line, at) => fold(at === 0 ? `${told.code}: ` : '', line));
    const field = told.field && fieldText(told.field);
    if (field && (field !== told.field || !told.message.includes(field))) lines.push(fold('  field: ', field));
    if (told.hint) lines.push(fold('  hint: ', told.hint));
    if (told.entryId) lines.push(`  entry: ${told.entryId}`);
    if (told.requestId) lines.push(`  request: ${told.requestId}`);
    process.stderr.write(`${lines.join('\n')}\n`);
  }
  return error instanceof UsageError ? 2 : 1;
}

/** A fault of the server's own, where a command enters it without HTTP. */
const ServerFault = z.object({ code: z.enum(faultCodes), message: z.string() });

function tell(error: unknown): Told {
  if (error instanceof UsageError) return { code: 'usage', message: error.message };
  if (error instanceof Failed) return { code: error.code, message: error.message };
  if (error instanceof UnreachableError)
    return { code: 'server.unreachable', message: `${error.message} Is it running? PORTCULLIS_URL names another one.` };
  if (error instanceof ProblemError) {
    const { code, detail, title, field, hint, refusal, entryId, requestId } = error.problem;
    return { code, message: detail || title, field, hint, refusal, entryId, requestId };
  }
  if (!(error instanceof Error)) return { code: 'internal.failed', message: String(error) };
  const fault = ServerFault.safeParse({ code: 'code' in error ? error.code : undefined, message: error.message });
  if (fault.success) return fault.data;
  return error.name === 'ConfigError'
    ? { code: 'configuration', message: error.message }
    : { code: 'internal.failed', message: error.message };
}
