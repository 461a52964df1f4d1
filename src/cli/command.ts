import { type Command, InvalidArgumentError } from 'commander';

/** A verb of the command line: every one takes --json. */
export function verb(parent: Command, usage: string, summary: string): Command {
  return parent.command(usage).summary(summary).description(summary).option('--json', 'print JSON');
}

/** Reads an option that is a whole number between two others. */
export function number(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < lowest || value > highest)
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
    return value;
  };
}

/** Reads an option that is one of a closed list. */
export function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((one) => one === text);
    if (found === undefined) throw new InvalidArgumentError(`It must be one of ${allowed.join(', ')}.`);
    return found;
  };
}

/** Reads an option that is several of a closed list, with commas between. */
export function listOf<T extends string>(allowed: readonly T[]): (text: string) => T[] {
  return (text) => text.split(',').map((one) => oneOf(allowed)(one.trim()));
}
