import { Fault } from '../platform/fault.ts';

/** Why somebody does not wait any longer for a session. */
export function reasonOf(signal: AbortSignal): Fault {
  if (signal.reason instanceof Fault) return signal.reason;
  if (signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError')
    return new Fault('connection.busy', {
      detail: 'No session of this database became free in time. Try again in a moment.',
      retryAfter: 2,
    });
  return new Fault('statement.cancelled', { detail: 'It was cancelled before the statement was sent.' });
}
