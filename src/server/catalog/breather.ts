import { setImmediate } from 'node:timers/promises';

const SHARE_MS = 8;

/** For long loops: awaited at each step, it lets the process do other things whenever 8 ms have been used up. */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SHARE_MS) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
