import { after } from '../platform/clock.ts';

/** However often it failed: looked at again after so many milliseconds at the latest. */
const LONGEST = 60 * 60_000;

/** When a connection is looked at next: some time around the pace, so that not all are at once, and later the more often it failed in a row. */
export function nextProbe(paceMs: number, failures: number): string {
  const ms = Math.min(paceMs * 2 ** Math.min(failures, 10), Math.max(LONGEST, paceMs));
  return after(ms * (0.8 + 0.4 * Math.random()));
}
