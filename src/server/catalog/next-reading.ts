import type { Limits } from '../../contract/limits.ts';
import { after } from '../platform/clock.ts';

const HOUR = 3_600_000;

/** When a connection with these limits (their JSON) is read again: jittered by a tenth, so that connections made together part; null where it is off. */
export function nextReading(limits: string): string | null {
  const { rescanHours } = JSON.parse(limits) as Limits;
  return rescanHours > 0 ? after(rescanHours * HOUR * (0.9 + 0.2 * Math.random())) : null;
}
