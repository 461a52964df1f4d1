import { createHash } from 'node:crypto';

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** JSON without spaces and with sorted keys (RFC 8785): one text for one meaning, so that anyone can compute the same hash. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON has no such number');
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonicalJson(part)}`).join(',')}}`;
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What a record says, apart from its place in a chain. */
export interface RecordContent {
  readonly id: string;
  readonly organizationId: string;
  readonly at: string;
  /** deed: something done. begun, settled: the two records of an attempt. opened, checkpoint: the chain's own. */
  readonly kind: string;
  /** Of `settled`: the id of its `begun`. */
  readonly attempt: string | null;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly via: string;
  readonly action: string;
  readonly subject: string;
  readonly subjectId: string | null;
  readonly outcome: string;
  readonly detail: { readonly [name: string]: Json };
}

/** Where a record stands, and what stood before it. */
export interface RecordPlace {
  readonly chain: string;
  /** From 1, without a hole. */
  readonly sequence: number;
  /** The hash of the record before; empty for the first. */
  readonly previous: string;
}

/** The hash of what a record says. */
export function contentHash(content: RecordContent): string {
  const { id, organizationId, at, kind, attempt, actorId, actorName, via, action, subject, subjectId, outcome, detail } = content;
  return sha256(
    canonicalJson({ id, organizationId, at, kind, attempt, actorId, actorName, via, action, subject, subjectId, outcome, detail }),
  );
}

/**
 * The hash of a record in its place. It takes the hash of the content, not the content: so a chain can be checked by somebody who may
 * not read all that stands in it.
 */
export function recordHash({ chain, sequence, previous }: RecordPlace, content: string): string {
  return sha256(canonicalJson({ v: 1, chain, sequence, previous, content }));
}
