import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { AuditVerification } from '../../contract/audit.ts';
import { Fault } from '../platform/fault.ts';
import { canonicalJson, type Json, type RecordContent } from '../platform/record-hash.ts';
import { ChainVerifier, type Link } from './chain-verifier.ts';
import type { Head } from './checkpoint.ts';
import { Claims } from './claims.ts';
import { ExportSeal } from './export-seal.ts';

const Content = z.strictObject({
  id: z.string(),
  organizationId: z.string(),
  at: z.string(),
  kind: z.string(),
  attempt: z.string().nullable(),
  actorId: z.string().nullable(),
  actorName: z.string(),
  via: z.string(),
  action: z.string(),
  subject: z.string(),
  subjectId: z.string().nullable(),
  outcome: z.string(),
  detail: z.record(z.string(), z.json()),
});
const First = z.object({ type: z.literal('portcullis.audit'), v: z.literal(1), publicKey: z.string() });
const RecordLine = z.object({ type: z.literal('record'), chain: z.string(), sequence: z.int(), previous: z.string(), hash: z.string() });
const Says = z.object({ content: Content.optional(), contentHash: z.string().optional() });
const Last = z.object({ type: z.literal('end'), records: z.int(), signature: z.string() });

/** What the caller knows from elsewhere: a checkpoint that was kept, and the server's public key. */
export interface KnownElsewhere {
  readonly checkpoint: Head | null;
  readonly publicKey: string | null;
}

/** Verifies an export without any server. */
export async function verifyExport(file: string, known: KnownElsewhere): Promise<AuditVerification> {
  let claims: Claims | undefined;
  let publicKey = '';
  let last: z.infer<typeof Last> | undefined;
  const seal = new ExportSeal();
  for await (const [number, value] of linesOf(file)) {
    if (number === 1) {
      const first = First.safeParse(value).data;
      if (!first) throw damaged('the first line does not say that it is an export of Portcullis');
      publicKey = first.publicKey;
      claims = new Claims(publicKey);
    }
    if (last) throw damaged('something stands behind its end');
    last = Last.safeParse(value).data;
    if (!last) seal.take(`${canonicalJson(value)}\n`);
    const says = Says.safeParse(value).data?.content as RecordContent | undefined;
    const place = RecordLine.safeParse(value).data;
    if (says?.kind === 'opened' && place) claims?.take(place.chain, says);
  }
  if (!claims) throw damaged('it is empty');
  if (known.publicKey !== null && known.publicKey !== publicKey) throw damaged('it was signed by another key than the one you gave');
  if (known.checkpoint) claims.add(known.checkpoint);
  const verifier = new ChainVerifier(publicKey, claims);
  let records = 0;
  for await (const [number, value] of linesOf(file)) {
    const place = RecordLine.safeParse(value).data;
    if (!place) {
      if (number > 1 && !Last.safeParse(value).success) throw damaged(`line ${number} is not one of its lines`);
      continue;
    }
    records++;
    const says = Says.safeParse(value).data;
    if (!verifier.take({ ...place, content: (says?.content as RecordContent | undefined) ?? says?.contentHash ?? null } satisfies Link))
      break;
  }
  const found = verifier.end();
  if (found.ok && last?.records !== records) throw damaged('its end is missing: it was cut off, or lines were removed');
  if (found.ok && !seal.isSignedBy(publicKey, last?.signature ?? ''))
    throw damaged('its end does not sign what stands before it: lines were changed, removed, or put in place of others');
  return found;
}

const damaged = (what: string): Fault =>
  new Fault('request.invalid', { field: 'file', detail: `The file is not a whole export: ${what}.` });

/** The lines with their numbers; each must be the one text of what it says. */
async function* linesOf(file: string): AsyncGenerator<[number, Json]> {
  let number = 0;
  for await (const text of textsOf(file)) {
    number++;
    if (text === '') continue;
    let value: Json;
    try {
      value = JSON.parse(text) as Json;
    } catch {
      throw damaged(`line ${number} is not JSON`);
    }
    if (canonicalJson(value) !== text) throw damaged(`line ${number} was written by something else`);
    yield [number, value];
  }
}

/** The file cut at line feeds alone: what else ends a line elsewhere (U+2028) may stand in a statement. */
async function* textsOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    if (!piece.includes('\n')) {
      rest += piece;
      continue;
    }
    const texts = `${rest}${piece}`.split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) yield text.endsWith('\r') ? text.slice(0, -1) : text;
  }
  yield rest;
}
