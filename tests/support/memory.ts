import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const MB = 1_048_576;
/** Above this growth it is looked at closely what of it is only waiting to be collected. */
const SUSPICIOUS = 24 * MB;

/** By how many megabytes the memory of this process grew at the most. */
export interface Growth {
  /** What was held: garbage not counted. */
  readonly held: number;
  /** What the system had given to the process, garbage and free pages counted. */
  readonly resident: number;
}

/** Does `work`, and looks every few milliseconds how far the memory of this process has grown. */
export async function growthDuring(work: () => Promise<unknown>): Promise<Growth> {
  collect();
  const before = process.memoryUsage();
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external - before.heapUsed - before.external;
  };
  let held = 0;
  let resident = 0;
  const look = (): void => {
    resident = Math.max(resident, process.memoryUsage.rss() - before.rss);
    if (used() > Math.max(held, SUSPICIOUS)) collect();
    held = Math.max(held, used());
  };
  const timer = setInterval(look, 5);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return { held: held / MB, resident: resident / MB };
}
