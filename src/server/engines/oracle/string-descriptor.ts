import { type Draft, list, problem } from '../string-draft.ts';

/** One (KEY=…) of a descriptor: a value, or what stands in parentheses within. */
interface Part {
  readonly key: string;
  readonly value: string;
  readonly parts: Part[];
}

const opening = /\(\s*([\w.-]{1,60})\s*=\s*/y;
const value = /(?:"([^"]*)"|([^()"]*))\s*\)/y;
const entry = /[\w.,-]{1,200}\s*=\s*(?=\()/y;
const blanks = /\s*/y;
const deepest = 12;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The descriptors of a text, with or without the name that tnsnames.ora puts before each; null where one is torn. */
export function parseDescriptors(written: string): Part[] | null {
  const text = written.replace(/^[ \t]*#.*$/gm, '').trim();
  const roots: Part[] = [];
  const open: Part[] = [];
  let at = 0;
  while (at < text.length) {
    at += matchAt(blanks, text, at)?.[0].length ?? 0;
    const within = open.at(-1);
    if (text[at] === ')' && within) {
      open.pop();
      at++;
    } else if (text[at] === '(') {
      const start = matchAt(opening, text, at);
      if (!start || open.length >= deepest) return null;
      at += start[0].length;
      const part: Part = { key: start[1]?.toUpperCase() ?? '', value: '', parts: [] };
      const simple = text[at] === '(' ? null : matchAt(value, text, at);
      if (text[at] === '(') open.push(part);
      else if (!simple) return null;
      at += simple?.[0].length ?? 0;
      (within?.parts ?? roots).push(simple ? { ...part, value: (simple[1] ?? simple[2] ?? '').trim() } : part);
    } else {
      const name = open.length === 0 ? matchAt(entry, text, at) : null;
      if (!name) return at === text.length && open.length === 0 ? roots : null;
      at += name[0].length;
    }
  }
  return open.length === 0 && roots.length > 0 ? roots : null;
}

const containers = new Set(['DESCRIPTION_LIST', 'DESCRIPTION', 'ADDRESS_LIST', 'ADDRESS', 'CONNECT_DATA', 'SECURITY']);

const count = (part: Part, key: string): number =>
  (part.key === key ? 1 : 0) + part.parts.reduce((sum, inner) => sum + count(inner, key), 0);

function judgePart(draft: Draft, part: Part, several: boolean): void {
  if (several && part.key === 'ADDRESS') list(draft, 'ADDRESS', null, 'blocked', 'one host is dialled, the one that is shown');
  else if (containers.has(part.key)) for (const inner of part.parts) judgePart(draft, inner, several);
  else draft.world.judge(draft, part.key, part.value);
}

/** Takes host, port, service and encryption from a descriptor that has one address; every other part is judged by name. */
export function takeDescriptor(draft: Draft, root: Part): void {
  const several = count(root, 'ADDRESS') > 1 || count(root, 'DESCRIPTION') > 1;
  judgePart(draft, root, several);
  if (several) problem(draft, 'host', 'The descriptor names several addresses: give the one to connect to.');
}

/** Whether the text starts like a descriptor, or like an entry of tnsnames.ora. */
export const looksLikeDescriptor = (text: string): boolean =>
  /^(?:[ \t]*#.*\n|\s)*(?:[\w.,-]{1,200}\s*=\s*)?\(\s*(?:description|address)(?:_list)?\s*=/i.test(text);

/** Why a descriptor cannot be read. */
export const tornDescriptor = 'The descriptor breaks off: a parenthesis is missing or one too many.';
