import type { ParsedString, StringReader } from '../../contract/engines.ts';
import { finish, unreadable, type World } from './string-draft.ts';

/** Longer texts are no connection strings, and are not worth a browser's time. */
const longest = 8192;

/** How sure a reader is of a text that it could read, but that says itself to be of another kind: it is believed only where nobody knows that kind. */
export const hardly = 0.02;

/** The text without the quotes, ticks and semicolon that come along when it is copied. */
function clean(text: string): string {
  const trimmed = text.trim().replace(/;$/, '');
  const [, , inner] = /^(["'`])([\s\S]*)\1$/.exec(trimmed) ?? [];
  return (inner !== undefined && !inner.includes(trimmed.charAt(0)) ? inner : trimmed).trim();
}

/** One way of writing a connection: how sure it is that a text is of its kind, and how it reads it. */
export interface Kind {
  likeness(text: string): number;
  read(text: string): ParsedString;
}

interface Parts {
  readonly world: World;
  readonly kinds: readonly Kind[];
  /** What to say of a text that is of no kind. */
  readonly unknown: string;
  /** Weighs the likeness where two engines share their kinds. */
  readonly weigh?: (sure: number, text: string) => number;
}

/** A reader that takes the kind which is surest of a text. */
export function stringReader({ world, kinds, unknown, weigh = (sure) => sure }: Parts): StringReader {
  const best = (text: string): { sure: number; kind: Kind | undefined } =>
    kinds
      .map((kind) => ({ sure: kind.likeness(text), kind }))
      .reduce<{ sure: number; kind: Kind | undefined }>((a, b) => (b.sure > a.sure ? b : a), { sure: 0, kind: undefined });
  return {
    dbType: world.dbType,
    recognises: (text) => (text.length > longest ? 0 : weigh(best(clean(text)).sure, clean(text))),
    read(text) {
      const cleaned = clean(text);
      const { kind } = text.length > longest ? {} : best(cleaned);
      return kind ? kind.read(cleaned) : finish(unreadable(world, unknown));
    },
  };
}
