import type { ParsedString } from '../../../contract/engines.ts';

/** One way in which an ambiguous text can be read, and how it is told from the others. */
export interface Way {
  readonly number: number;
  readonly parsed: ParsedString;
  /** Shows nothing that is a part of the password in any of the ways. */
  readonly label: string;
}

type Shown = readonly [name: string, value: string];

const textsOf = (values: Readonly<Record<string, unknown>>): Shown[] =>
  Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  );

const passwordOf = ({ credentials }: ParsedString): string => credentials.password ?? '';
const textAt = ({ address, credentials }: ParsedString, name: string): string => String({ ...address, ...credentials }[name] ?? '');

/** The parts of an address in one line, a number as the port of what stands before. */
const lineOf = (address: ParsedString['address']): string =>
  textsOf(address).reduce(
    (line, [name, value]) => (typeof address[name] === 'number' ? `${line}:${value}` : [line, value].filter(Boolean).join(' / ')),
    '',
  );

/** Whether a value and a password may have been cut from the same piece of the text. */
function overlaps(value: string, password: string): boolean {
  const [a, b] = [value.toLowerCase(), password.toLowerCase()];
  if (b === '') return false;
  if (a.includes(b) || b.includes(a)) return true;
  return [...b].some((_, at) => a.startsWith(b.slice(at)) || (at > 0 && a.endsWith(b.slice(0, at))));
}

/** The ways of reading a text, each with a label. What another way takes for the password, or a piece of it, is in none of them. */
export function waysToRead(readings: readonly ParsedString[]): Way[] {
  return readings.map((parsed, at) => {
    const isSafe = ([name, value]: Shown) =>
      readings.every((other) => textAt(other, name) === value || !overlaps(value, passwordOf(other)));
    const { username } = parsed.credentials;
    const who = username === undefined ? '' : isSafe(['username', username]) ? `${username} ` : 'a user not shown here ';
    const parts = textsOf(parsed.address);
    const where = parts.every(isSafe) ? lineOf(parsed.address) : 'a place not shown here, which may hold a piece of the password';
    const { length } = [...passwordOf(parsed)];
    const password = length === 0 ? 'No password' : `Password of ${length} ${length === 1 ? 'character' : 'characters'}`;
    return { number: at + 1, parsed, label: `${password}: ${who}at ${where}` };
  });
}
