import { confirm, isCancel, password, select, text } from '@clack/prompts';
import { Failed, UsageError } from './failure.ts';
import { visible } from './print.ts';

// Questions go to stderr: stdout is for what a command gives.
const where = { output: process.stderr };

/** Whether a person is there to be asked. */
export const interactive = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Failed('cancelled', 'Nothing was done.');
  return answer as Exclude<T, symbol>;
}

/** Asks for a secret, hidden while typed. `instead` says how to give it where nobody can be asked. */
export async function askSecret(message: string, instead: string): Promise<string> {
  if (!interactive()) throw new UsageError(`${message}: this is no terminal, so give it with ${instead}.`);
  return answered(await password({ message: visible(message), ...where }));
}

/** What is wrong with an answer, so that it is asked for again; undefined: nothing. */
export type Check = (answer: string) => string | undefined;

/** An answer that has to be one. */
export const notEmpty =
  (what: string): Check =>
  (answer) =>
    answer.trim() === '' ? `${what}: enter it.` : undefined;

/** Asks for a line. `instead` says how to give it where nobody can be asked. */
export async function askText(message: string, instead: string, initial = '', check: Check = () => undefined): Promise<string> {
  if (!interactive()) throw new UsageError(`${message} is missing: give it with ${instead}.`);
  const validate = (answer: string | undefined): string | undefined => check(answer ?? '');
  return answered(await text({ message: visible(message), initialValue: initial, validate, ...where }));
}

/** Asks for one of a list. */
export async function askChoice<T extends string>(message: string, choices: readonly T[], initial?: T): Promise<T> {
  const options = choices.map((value) => ({ value: value as string, label: visible(value) }));
  const chosen = answered(
    await select({ message, options, ...(initial === undefined ? {} : { initialValue: initial as string }), ...where }),
  );
  const found = choices.find((one) => one === chosen);
  if (found === undefined) throw new Failed('cancelled', 'Nothing was done.');
  return found;
}

/** Asks before something that cannot be undone. */
export async function askConsent(message: string, instead: string): Promise<void> {
  if (!interactive()) throw new UsageError(`${message} This is no terminal, so say so with ${instead}.`);
  if (!answered(await confirm({ message: visible(message), initialValue: false, ...where })))
    throw new Failed('cancelled', 'Nothing was done.');
}

/** All that stdin holds. */
export async function readStdin(): Promise<string> {
  let all = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    all += String(chunk);
    if (all.length > 100_000) throw new UsageError('stdin holds too much for a secret.');
  }
  return all;
}

/** The first lines of stdin, one secret each. */
export async function readSecretLines(count: number): Promise<string[]> {
  const all = await readStdin();
  const lines = all.split(/\r?\n/).slice(0, count);
  if (lines.length < count || lines.some((line) => line === '')) {
    const wanted = count === 1 ? 'the secret, in its first line' : `${count} lines, a secret each`;
    throw new UsageError(`${all.trim() === '' ? 'stdin is empty: it' : 'stdin'} must hold ${wanted}.`);
  }
  return lines;
}
