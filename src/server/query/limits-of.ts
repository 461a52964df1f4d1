import { Limits, queryLimits } from '../../contract/limits.ts';
import type { QueryInput } from '../../contract/query.ts';

/** What an answer may be: by what holds everywhere, the connection (its limits as JSON) and the caller. Each can only lower it. */
export function limitsOf(connection: string, asked: Pick<QueryInput, 'maxRows' | 'timeoutMs'>) {
  const own = Limits.parse(JSON.parse(connection));
  const { usualRows, mostRows, cells, bytes, timeoutMs } = queryLimits;
  return {
    maxRows: Math.min(asked.maxRows ?? usualRows, own.maxRows ?? mostRows),
    maxCells: cells,
    maxBytes: Math.min(bytes, own.maxBytes ?? bytes),
    timeoutMs: Math.min(asked.timeoutMs ?? timeoutMs, own.timeoutMs ?? timeoutMs, timeoutMs),
  };
}
