import { type Draft, list, problem, type World } from './string-draft.ts';

/** The words of a command as a shell would split them: quotes, backslashes and continued lines; nothing is expanded. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  const word = /(?:'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|\\[\s\S]|[^\s'"\\;])+/g;
  for (const [raw] of text.replace(/[\\^`]\r?\n/g, ' ').matchAll(word)) {
    words.push(
      raw.replace(
        /'([^']*)'?|"((?:\\[\s\S]|[^"\\])*)"?|\\([\s\S])/g,
        (_, single, double, escaped) => single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped,
      ),
    );
  }
  return words;
}

/** Whether a program is called within the first words. */
export const callsProgram = (text: string, programs: RegExp): boolean =>
  shellWords(text.slice(0, 2000))
    .slice(0, 12)
    .some((word) => programs.test(word));

/** How a program reads its options; names stand without their dashes. */
export interface Syntax {
  readonly programs: RegExp;
  /** Options that fill a field or name a host: their value is the next word, whatever it looks like. */
  readonly places: ReadonlySet<string>;
  /** Other options that take a value, which must not be mistaken for something else. */
  readonly valued: RegExp;
  /** Options whose value, if there is one, is joined to them: -psecret, --password=secret. */
  readonly joined?: RegExp;
  /** Whether short options without a value may stand together: -BN. */
  readonly bundles?: boolean;
}

/** One option as it was written: `dashed` is how it is listed, `value` null where none was given. */
export interface Option {
  readonly name: string;
  readonly dashed: string;
  readonly value: string | null;
}

/** A command taken apart. */
export interface Command {
  /** NAME=value words before the program. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly program: string;
  readonly options: readonly Option[];
  readonly positional: readonly string[];
}

function readOptions(words: readonly string[], syntax: Syntax): Pick<Command, 'options' | 'positional'> {
  const options: Option[] = [];
  const positional: string[] = [];
  let at = 0;
  const next = (name: string): string | null => {
    const word = words[at];
    if (word === undefined || (!syntax.places.has(name) && word.startsWith('-'))) return null;
    at++;
    return word;
  };
  const take = (name: string, joined: string | undefined) => {
    const dashed = name.length > 1 ? `--${name}` : `-${name}`;
    const taken = joined ?? (!syntax.joined?.test(name) && (syntax.places.has(name) || syntax.valued.test(name)) ? next(name) : null);
    options.push({ name, dashed, value: taken });
  };
  const takeShort = (letters: string) => {
    for (let letter = 0; letter < letters.length; letter++) {
      const name = letters[letter] ?? '';
      const rest = letters.slice(letter + 1);
      const holds = syntax.places.has(name) || syntax.valued.test(name) || (syntax.joined?.test(name) ?? false);
      if (holds || !syntax.bundles || !/^[A-Za-z]*$/.test(rest)) return take(name, rest === '' ? undefined : rest);
      take(name, undefined);
    }
  };
  while (at < words.length) {
    const word = words[at++] ?? '';
    const [, long, joined] = /^--([a-z][a-z_-]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (long !== undefined) take(long.replaceAll('_', '-'), joined);
    else if (/^-[A-Za-z]/.test(word)) takeShort(word.slice(1));
    else positional.push(word);
  }
  return { options, positional };
}

/** Takes a command apart: NAME=value words, the program, its options and what stands alone. */
export function readWords(text: string, syntax: Syntax): Command {
  const words = shellWords(text.replace(/^\s*[$#>]\s+/, ''));
  const start = words.findIndex((word) => syntax.programs.test(word));
  const environment = words.slice(0, Math.max(start, 0)).flatMap((word) => {
    const [, name, value = ''] = /^([A-Z][A-Z0-9_]*)=([\s\S]*)$/.exec(word) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return { environment, program: words[start] ?? '', ...readOptions(words.slice(start + 1), syntax) };
}

/** Judges the variables that stand before a program, by the keyword each stands for. */
export function judgeEnvironment(draft: Draft, command: Command, names: ReadonlyMap<string, string>, judge: World['judge']): void {
  for (const [name, value] of command.environment) {
    const keyword = names.get(name);
    if (keyword) judge(draft, keyword, value);
    else list(draft, name, null, 'not_needed', 'not about the database');
  }
  if (Object.values(draft.values).some((value) => /^\$[\w{(]/.test(value)))
    problem(draft, null, 'The command holds a variable such as $DB_HOST: put its value in its place.');
}

/** Why an option that is about the program itself is of no use here. */
export const aboutProgram = 'says what the program does, not where the database is';
