import type { Refusal } from '../../contract/query.ts';

/** Thrown while a statement is judged, caught by the guard that judges it. */
export class Refuse extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** A stretch of the text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a stretch lies, with its line and column counted from 1. */
export function positionOf(text: string, span: Span | null): Refusal['position'] {
  if (!span) return null;
  const start = Math.min(Math.max(span.start, 0), text.length);
  const end = Math.min(Math.max(span.end, start), text.length);
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  return { start, end, line, column: start - (before.lastIndexOf('\n') + 1) + 1 };
}

/** Characters of a message: a name in it may be as long as a statement. */
const MOST = 500;
const cut = (message: string): string => (message.length > MOST ? `${message.slice(0, MOST - 1)}…`.toWellFormed() : message);

/** A refusal by a rule, at a place in the text. */
export function refuse(text: string, rule: string, message: string, allowed: string, span: Span | null = null): Refuse {
  return new Refuse({ rule, message: cut(message), position: positionOf(text, span), allowed: cut(allowed) });
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The names most like a mistyped one, the best first. Long lists are looked through only in part. */
export function nearest(name: string, names: Iterable<string>, count = 3): string[] {
  const wanted = name.toLowerCase().slice(0, 64);
  const judged: { name: string; far: number }[] = [];
  let seen = 0;
  for (const one of new Set(names)) {
    if (seen++ > 2000) break;
    const other = one.toLowerCase().slice(0, 64);
    const related = Math.min(wanted.length, other.length) > 2 && (other.includes(wanted) || wanted.includes(other));
    const far = related ? Math.abs(other.length - wanted.length) / 4 : distance(wanted, other);
    if (far <= Math.max(1, Math.min(wanted.length, other.length) / 3)) judged.push({ name: one, far });
  }
  return judged
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map((one) => one.name);
}

/** “Did you mean …?”, or a list of some of what there is. */
export function hint(name: string, names: readonly string[], what: string): string {
  const near = nearest(name, names);
  if (near.length > 0) return `Did you mean ${near.join(', ')}?`;
  if (names.length === 0) return `There are no ${what}.`;
  return `The ${what}: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}.`;
}
