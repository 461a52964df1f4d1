import type { KeyObject } from 'node:crypto';
import type { AuditVerification } from '../../contract/audit.ts';
import { contentHash, type RecordContent, recordHash } from '../platform/record-hash.ts';
import { type Head, headText, opens, readPublicKey, signs } from './checkpoint.ts';
import type { Named } from './named-heads.ts';

/** A record as a verifier meets it. `content` is null where the reader may not see it: then its hash stands for it. */
export interface Link {
  readonly chain: string;
  readonly sequence: number;
  readonly previous: string;
  readonly hash: string;
  readonly content: RecordContent | string | null;
}

type What = NonNullable<AuditVerification['firstFault']>['what'];

/** A chain of this length without a checkpoint was not written by us: one is due every 1,000 records. */
const LONGEST_UNSIGNED = 4000;

/** Follows chains link by link, in the order of chain and sequence, and keeps the first fault. */
export class ChainVerifier {
  readonly #publicKey: string;
  readonly #key: KeyObject | null;
  /** What the first records of chains, and checkpoints kept elsewhere, say of heads. */
  readonly #named: Named;
  readonly #seen = new Set<string>();
  #records = 0;
  #checkpoints = 0;
  #head: Head = { chain: '', sequence: 0, hash: '' };
  #unsigned = 0;
  #lastCheckpoint: Head | null = null;
  #fault: AuditVerification['firstFault'] = null;

  constructor(publicKey: string, named: Named) {
    this.#publicKey = publicKey;
    this.#key = readPublicKey(publicKey);
    this.#named = named;
  }

  /** Takes the next link; false once a fault was found and nothing more needs to come. */
  take(link: Link): boolean {
    if (this.#fault) return false;
    if (link.chain !== this.#head.chain) this.#begin(link);
    this.#fault ??= this.#place(link) ?? this.#hash(link) ?? this.#checkpoint(link) ?? this.#claim(link);
    this.#head = { chain: link.chain, sequence: link.sequence, hash: link.hash };
    this.#records++;
    return this.#fault === null;
  }

  /** What was found, once nothing more comes. */
  end(): AuditVerification {
    this.#leave();
    for (const chain of this.#named.keys()) {
      if (!this.#seen.has(chain)) this.#fault ??= { chain, sequence: 0, what: 'missing', detail: 'The whole chain is missing.' };
    }
    return {
      ok: this.#fault === null,
      records: this.#records,
      checkpoints: this.#checkpoints,
      chains: this.#seen.size,
      checkpoint: this.#lastCheckpoint && headText(this.#lastCheckpoint),
      publicKey: this.#publicKey,
      firstFault: this.#fault,
    };
  }

  #begin(link: Link): void {
    this.#leave();
    if (this.#seen.has(link.chain)) this.#fault ??= fault(link, 'reordered', 'The chain goes on after another one.');
    this.#seen.add(link.chain);
    this.#head = { chain: link.chain, sequence: 0, hash: '' };
    this.#unsigned = 0;
  }

  /** Whether the chain that ends here goes as far as somebody says it does. */
  #leave(): void {
    const { chain, sequence } = this.#head;
    for (const claimed of this.#named.get(chain)?.keys() ?? []) {
      if (claimed <= sequence) continue;
      const detail = `The chain ends at ${sequence}, but it had ${claimed} records at least.`;
      this.#fault ??= { chain, sequence: sequence + 1, what: 'truncated', detail };
    }
  }

  #place(link: Link): AuditVerification['firstFault'] {
    const expected = this.#head.sequence + 1;
    const at = { chain: link.chain, sequence: expected };
    if (link.sequence > expected) return fault(at, 'missing', `Record ${expected} is missing; the next one is ${link.sequence}.`);
    if (link.sequence < expected) return fault(link, 'inserted', `Record ${link.sequence} is there twice.`);
    const opens = typeof link.content === 'object' && link.content?.kind === 'opened';
    if (opens !== (link.sequence === 1)) return fault(link, 'chain', 'A chain has one opening, its first record.');
    return null;
  }

  #hash(link: Link): AuditVerification['firstFault'] {
    if (link.content === null) return fault(link, 'changed', 'What it says is not as we write it.');
    const content = typeof link.content === 'string' ? link.content : contentHash(link.content);
    const follows = link.previous === this.#head.hash;
    if (recordHash(link, content) !== link.hash)
      return follows
        ? fault(link, 'changed', 'It does not say what it said when it was written.')
        : fault(link, 'reordered', 'It was written for another place.');
    return follows ? null : fault(link, 'inserted', 'It does not follow the record before it: one of the two was put there.');
  }

  #checkpoint({ content, ...link }: Link): AuditVerification['firstFault'] {
    const said = typeof content === 'string' ? null : content;
    if (said?.kind === 'opened') {
      // A chain of a command of a moment is not signed and says so; the next chain names its head.
      if (said.detail.checkpoints === false) this.#unsigned = Number.NEGATIVE_INFINITY;
      else if (!opens(said, link.chain, this.#key)) return fault(link, 'checkpoint', 'The signature of the first record is not ours.');
      return null;
    }
    if (said?.kind !== 'checkpoint') {
      return ++this.#unsigned > LONGEST_UNSIGNED ? fault(link, 'checkpoint', 'Too many records without a checkpoint.') : null;
    }
    if (!signs(said, this.#head, this.#key))
      return fault(link, 'checkpoint', 'The signature is not that of the records before it: they were written anew.');
    this.#checkpoints++;
    this.#unsigned = 0;
    this.#lastCheckpoint = { chain: link.chain, sequence: link.sequence, hash: link.hash };
    return null;
  }

  #claim(link: Link): AuditVerification['firstFault'] {
    const claimed = this.#named.get(link.chain)?.get(link.sequence);
    if (claimed === undefined || claimed === link.hash) return null;
    return fault(
      link,
      'chain',
      'A later chain, or the checkpoint that was kept, names another hash for it: the records up to it were written anew.',
    );
  }
}

const fault = ({ chain, sequence }: Pick<Link, 'chain' | 'sequence'>, what: What, detail: string): AuditVerification['firstFault'] => ({
  chain,
  sequence,
  what,
  detail,
});
