import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { newId, now } from '../platform/clock.ts';
import { canonicalJson, type Json, type RecordContent } from '../platform/record-hash.ts';

/** A place of a chain: where its last record stands, and that record's hash. */
export interface Head {
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
}

/** Signs heads of chains. */
export interface Signer {
  /** The public key, base64 of its DER (SubjectPublicKeyInfo). */
  readonly publicKey: string;
  sign(text: string): string;
}

/** DER of a PKCS #8 Ed25519 private key up to its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signer whose private key is made of the server's own 32 random bytes for the audit. */
export function createSigner(seed: KeyObject): Signer {
  const der = Buffer.concat([PKCS8, seed.export()]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return {
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
  };
}

/** The short name of a public key, for people who compare two. */
export const keyName = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 32);

/** The text that a checkpoint's signature is over. `closed`: nothing comes after it. */
const signedText = ({ chain, sequence, hash }: Head, at: string, closed: boolean): string =>
  canonicalJson({ v: 1, checkpoint: chain, sequence, hash, at, ...(closed && { closed }) });

/** A record that the chain keeps of itself. It belongs to no organisation. */
function ownContent(kind: 'opened' | 'checkpoint', chain: string, at: string, detail: RecordContent['detail']): RecordContent {
  const by = { organizationId: '', attempt: null, actorId: null, actorName: 'Portcullis', via: 'system' };
  return { ...by, id: newId(), at, kind, action: `audit.${kind}`, subject: 'chain', subjectId: chain, outcome: 'done', detail };
}

/** The record that signs the head before it. `closed`: the chain ends with it. */
export function checkpointContent(signer: Signer, head: Head, closed: boolean): RecordContent {
  const at = now();
  const signature = signer.sign(signedText(head, at, closed));
  const detail = { sequence: head.sequence, hash: head.hash, key: keyName(signer.publicKey), signature };
  return ownContent('checkpoint', head.chain, at, closed ? { ...detail, closed } : detail);
}

/** What the first record of a chain says of others: their heads; `alone`: no other process can write any more, so those chains end there. */
export interface Predecessors {
  readonly heads: readonly Head[];
  readonly alone: boolean;
}

/** The first record of a chain. Signed, so that nobody else can open one, or one that names other heads. */
export function openingContent(signer: Signer, chain: string, { heads, alone }: Predecessors): RecordContent {
  const at = now();
  const predecessors = heads.map(({ chain: other, sequence, hash }) => ({ chain: other, sequence, hash }));
  const signature = signer.sign(openingText(chain, at, predecessors, alone));
  const detail = { checkpoints: true, predecessors, key: keyName(signer.publicKey), signature };
  return ownContent('opened', chain, at, alone ? { ...detail, alone } : detail);
}

const openingText = (chain: string, at: string, predecessors: Json, alone: boolean): string =>
  canonicalJson({ v: 1, opened: chain, at, predecessors, ...(alone && { alone }) });

/** Whether the first record of a chain was written by the holder of the key. */
export function opens(content: RecordContent, chain: string, publicKey: KeyObject | null): boolean {
  const { predecessors, alone, signature } = content.detail;
  if (predecessors === undefined || typeof signature !== 'string' || publicKey === null) return false;
  const text = openingText(chain, content.at, predecessors, alone === true);
  return verify(null, Buffer.from(text, 'utf8'), publicKey, Buffer.from(signature, 'base64'));
}

/** Whether the first record of a chain is that of the records that stood before there were chains (and before there was a key). */
export const opensOlder = ({ kind, detail }: RecordContent): boolean =>
  kind === 'opened' && canonicalJson(detail) === '{"checkpoints":false,"predecessors":[]}';

/** Whether a record is a checkpoint of just this head, signed by the holder of the key. */
export function signs(content: RecordContent, head: Head, publicKey: KeyObject | null): boolean {
  const { sequence, hash, closed, signature } = content.detail;
  if (sequence !== head.sequence || hash !== head.hash || typeof signature !== 'string' || publicKey === null) return false;
  const text = signedText(head, content.at, closed === true);
  return verify(null, Buffer.from(text, 'utf8'), publicKey, Buffer.from(signature, 'base64'));
}

/** Reads a public key; null when it is none of ours. */
export function readPublicKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

/** A head as one word, to be kept elsewhere. */
export const headText = ({ chain, sequence, hash }: Head): string => `${chain}:${sequence}:${hash}`;

/** Reads that word; null for anything else. */
export function readHead(text: string): Head | null {
  const [, chain, sequence, hash] = /^([0-9a-f-]{36}):(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return chain && sequence && hash ? { chain, sequence: Number(sequence), hash } : null;
}
