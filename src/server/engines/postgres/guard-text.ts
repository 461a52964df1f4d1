import { type Refuse, refuse, type Span } from '../refusal.ts';
import type { Token } from '../scan-sql.ts';
import type { Tree } from './guard-kinds.ts';

/** The text under judgement: turns the byte offsets of the parser into places in it. */
export class StatementText {
  readonly text: string;
  readonly #tokens: readonly Token[];
  /** UTF-16 offset of each byte, where the two differ at all. */
  readonly #units: Uint32Array | null;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.#tokens = tokens;
    const bytes = Buffer.byteLength(text);
    this.#units = bytes === text.length ? null : unitsOfBytes(text, bytes);
  }

  /** The word or qualified name that begins at a byte; null where the tree does not say. */
  span(location: unknown): Span | null {
    // The parser leaves a location of 0 out, and says -1 for what it made up itself.
    const at = location === undefined ? 0 : Number(location);
    if (at < 0) return null;
    const start = this.#units ? (this.#units[at] ?? this.text.length) : at;
    let index = this.#tokens.findIndex((token) => token.start >= start);
    const first = this.#tokens[index];
    if (!first) return { start, end: this.text.length };
    let end = first.end;
    for (let dot = this.#tokens[++index]; dot && this.text[dot.start] === '.' && dot.end - dot.start === 1; dot = this.#tokens[++index]) {
      end = this.#tokens[++index]?.end ?? end;
    }
    return { start: first.start, end };
  }

  /** A refusal at a node. */
  refuse(rule: string, message: string, allowed: string, node: Tree | null): Refuse {
    return refuse(this.text, rule, message, allowed, node ? this.span(node.location) : null);
  }

  /** A refusal at a character that the parser counted, from 0. */
  refuseAtCharacter(rule: string, message: string, allowed: string, character: number): Refuse {
    const start = [...this.text].slice(0, character).join('').length;
    const token = this.#tokens.find((one) => one.end > start);
    return refuse(this.text, rule, message, allowed, { start, end: Math.max(token?.end ?? start, start) });
  }
}

function unitsOfBytes(text: string, bytes: number): Uint32Array {
  const units = new Uint32Array(bytes + 1);
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    const length = Buffer.byteLength(character);
    units.fill(unit, byte, byte + length);
    byte += length;
    unit += character.length;
  }
  units[bytes] = text.length;
  return units;
}
