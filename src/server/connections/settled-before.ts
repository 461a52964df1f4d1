import { reasonOf } from './wait-reason.ts';

/** What `pending` gives, unless the signal is aborted first: nobody waits for it then. */
export async function settledBefore<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(reasonOf(signal));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([pending, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    for (const left of [pending, aborted.promise]) left.catch(() => undefined);
  }
}
