import { type Logger, pino } from 'pino';
import { Fault } from './fault.ts';

export type Log = Logger;

/**
 * The server's log: JSON lines on standard error. An error is written as its class, fault code, driver code and our own
 * stack lines; the text of foreign errors stays out, since drivers echo what they were given.
 */
export function createLog(level: string, destination: NodeJS.WritableStream = process.stderr): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError, error: describeError } },
    destination,
  );
}

/** What the log keeps of an error. Only a Fault's text is ours; of any other error only where it happened is kept. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = (error as { code?: unknown }).code;
  const described: Record<string, unknown> = { kind: error.name, at: frames(error) };
  if (error instanceof Fault) {
    described.message = error.message;
    if (error.about.technical) described.technical = error.about.technical;
  }
  if (typeof code === 'string' && /^[\w.-]{1,60}$/.test(code)) described.code = code;
  if (error.cause !== undefined) described.cause = describeError(error.cause);
  return described;
}

/** The stack without its first line, which is the message. */
function frames(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
}
