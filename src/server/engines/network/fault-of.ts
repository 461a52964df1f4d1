import type { StageName } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import type { Explanation } from './explanation.ts';

/** What an engine knows of an error. */
export interface Found {
  readonly explanation: Explanation;
  readonly technical: string;
}

/** The stages of a session that is open. */
export const late: readonly StageName[] = ['version', 'read', 'privilege', 'catalog'];

/** Any error of a driver, the wire or the network as a fault, by what the engine finds of it; what nobody knows tells nothing of itself. */
export function faultOf(error: unknown, stage: StageName, find: (error: object) => Found | null): Fault {
  if (error instanceof Fault) return error.at(stage);
  const found = typeof error === 'object' && error !== null ? find(error) : null;
  if (!found)
    return new Fault('database.failed', {
      stage,
      detail: 'The connection failed in a way that is not known.',
      technical: 'unknown',
      cause: error,
    });
  const { code, field, happened, tryThis, retryable } = found.explanation;
  return new Fault(code, {
    // A fault of the network in a session that is open belongs to what was going on.
    stage: late.includes(stage) ? stage : (found.explanation.stage ?? stage),
    field,
    detail: happened,
    tryThis,
    technical: found.technical,
    ...(retryable ? { retryable } : {}),
    cause: error,
  });
}
