import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** By how many megabytes the memory of this process grows at the most while `work` is done. */
export async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  collect();
  const before = process.memoryUsage();
  let most = 0;
  const look = (): void => {
    const { rss, heapUsed, external } = process.memoryUsage();
    // What the process was given, and what it uses of that: it may have been given much by earlier work.
    most = Math.max(most, rss - before.rss, heapUsed + external - before.heapUsed - before.external);
  };
  const timer = setInterval(look, 5);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return most / 1_048_576;
}
