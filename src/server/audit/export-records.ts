import { setImmediate } from 'node:timers/promises';
import { now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { canonicalJson, contentHash, type Json } from '../platform/record-hash.ts';
import { opens, readPublicKey, type Signer } from './checkpoint.ts';
import { ExportSeal } from './export-seal.ts';
import { contentOf, findHead, listOpenings, nextRecords, type RecordRow } from './record-store.ts';

const PAGE = 500;

/**
 * The records as lines of canonical JSON that verify on their own: a head line with the public key, every record of every chain, and a line
 * that says how many there were and signs all before it. Of other organisations' records there is the hash of what they say alone. What comes
 * while it is read is left out: a chain that begins then may name heads behind what was read of others.
 */
export async function* exportRecords(db: Database, organizationId: string, signer: Signer): AsyncGenerator<string> {
  const seal = new ExportSeal();
  const sealed = (text: string): string => {
    seal.take(text);
    return text;
  };
  const isOld = await oldOnes(db, signer);
  yield sealed(line({ type: 'portcullis.audit', v: 1, organizationId, publicKey: signer.publicKey, exportedAt: now() }));
  let count = 0;
  for (let after: RecordRow | null = null, going = true; going; ) {
    const rows: RecordRow[] = await nextRecords(db, after, PAGE);
    const old = rows.filter(isOld);
    if (old.length > 0) yield sealed(old.map((row) => line(lineOf(row, organizationId))).join(''));
    count += old.length;
    after = rows.at(-1) ?? after;
    going = rows.length === PAGE;
    await setImmediate();
  }
  yield line({ type: 'end', records: count, signature: seal.sign(signer) });
}

/** Tells the records that stand there now from those that come later. Of what is not ours nothing is left out. */
async function oldOnes(db: Database, signer: Signer): Promise<(row: RecordRow) => boolean> {
  const ends = new Map<string, number>();
  for (const { chain } of await listOpenings(db)) ends.set(chain, (await findHead(db, chain))?.sequence ?? 0);
  const key = readPublicKey(signer.publicKey);
  const begun = new Set<string>();
  return (row) => {
    const { chain, sequence } = row;
    const content = sequence === 1 && !ends.has(chain) ? contentOf(row) : null;
    if (content && opens(content, chain, key)) begun.add(chain);
    return !begun.has(chain) && sequence <= (ends.get(chain) ?? Number.POSITIVE_INFINITY);
  };
}

const line = (value: Json): string => `${canonicalJson(value)}\n`;

function lineOf(row: RecordRow, organizationId: string): Json {
  const { chain, sequence, previous, hash } = row;
  const place = { type: 'record', chain, sequence, previous, hash };
  const content = contentOf(row);
  // What is not as we write it is shown as it is; a verifier will say so.
  if (!content) return { ...place, damaged: row.organization_id === organizationId ? row.detail : null };
  const own = row.organization_id === organizationId || row.organization_id === '';
  return own ? { ...place, content: { ...content } } : { ...place, contentHash: contentHash(content) };
}
