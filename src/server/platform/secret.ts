import { inspect } from 'node:util';

const held = new WeakMap<object, string>();

/**
 * A secret text that does not print, serialise, log or clone: every such way yields `[secret]`.
 * Only `reveal` gives the text, so that each use can be found by searching for it.
 */
export class Secret {
  constructor(text: string) {
    held.set(this, text);
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

/** The text of a secret, for the one place that must hand it on. */
export function reveal(secret: Secret): string {
  const text = held.get(secret);
  if (text === undefined) throw new TypeError('not a Secret of this process');
  return text;
}
