import { type Command, InvalidArgumentError } from 'commander';
import { type LimitsInput, queryLimits } from '../contract/limits.ts';
import { number } from './command.ts';

/** The flags that lower what a connection answers. */
export interface LimitFlags {
  readonly maxRows?: number | 'none';
  readonly maxBytes?: number | 'none';
  readonly timeoutMs?: number | 'none';
  readonly rescanHours?: number;
}

/** Reads a limit: a whole number between two others, or none, which is as usual. */
function limit(lowest: number, highest: number): (text: string) => number | 'none' {
  return (text) => {
    if (text === 'none') return text;
    try {
      return number(lowest, highest)(text);
    } catch {
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}, or none.`);
    }
  };
}

/** Adds them to a verb. */
export const withLimits = (command: Command): Command =>
  command
    .optionsGroup('Limits of everyone’s queries (they only lower what is usual; none is as usual):')
    .option('--max-rows <number|none>', 'rows of an answer at the most', limit(1, queryLimits.mostRows))
    .option('--max-bytes <number|none>', 'bytes of an answer at the most', limit(1024, queryLimits.bytes))
    .option('--timeout-ms <number|none>', 'milliseconds that a statement may take', limit(100, queryLimits.timeoutMs))
    .option('--rescan-hours <number>', 'hours between readings of the schema; 0: only when asked', number(0, 24 * 30));

/** The limits that were given; undefined where none was. */
export function limitsOf({ maxRows, maxBytes, timeoutMs, rescanHours }: LimitFlags): LimitsInput | undefined {
  const given = Object.entries({ maxRows, maxBytes, timeoutMs, rescanHours }).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given.map(([name, value]) => [name, value === 'none' ? null : value]));
}
