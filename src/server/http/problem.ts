import { faults, Problem } from '../../contract/faults.ts';
import type { Fault } from '../platform/fault.ts';

/** A fault as this door tells it: RFC 9457, and nothing but what the contract lists. */
export function problemOf(fault: Fault, requestId: string): Problem {
  const { status, title } = faults[fault.code];
  const { detail, field, stage, tryThis, refusal, entryId } = fault.about;
  return Problem.parse({
    type: 'about:blank',
    status,
    code: fault.code,
    title,
    detail: detail ?? title,
    requestId,
    ...(field ? { field } : {}),
    ...(stage ? { stage } : {}),
    ...(tryThis?.length ? { hint: tryThis.join(' ') } : {}),
    ...(refusal ? { refusal } : {}),
    ...(entryId ? { entryId } : {}),
  });
}

/** The same as a response. */
export function problemResponse(fault: Fault, requestId: string): Response {
  const problem = problemOf(fault, requestId);
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (fault.about.retryAfter) headers['retry-after'] = String(fault.about.retryAfter);
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer';
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
