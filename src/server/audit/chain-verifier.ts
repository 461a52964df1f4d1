import type { KeyObject } from 'node:crypto';
import type { AuditVerification } from '../../contract/audit.ts';
import { contentHash, type RecordContent, recordHash } from '../platform/record-hash.ts';
import { type Head, headText, opensOlder, readPublicKey, signs } from './checkpoint.ts';
import type { Claims } from './claims.ts';

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
  readonly #claims: Claims;
  readonly #seen = new Set<string>();
  #records = 0;
  #checkpoints = 0;
  #head: Head | null = null;
  #unsigned = 0;
  /** Where the chain ends at the latest: at its last checkpoint, or where a later chain says that it ended. */
  #most = Number.POSITIVE_INFINITY;
  #lastCheckpoint: Head | null = null;
  #fault: AuditVerification['firstFault'] = null;

  constructor(publicKey: string, claims: Claims) {
    this.#publicKey = publicKey;
    this.#key = readPublicKey(publicKey);
    this.#claims = claims;
  }

  /** Takes the next link; false once a fault was found and nothing more needs to come. */
  take(link: Link): boolean {
    if (this.#fault) return false;
    const before = this.#head?.chain === link.chain ? this.#head : this.#begin(link);
    this.#fault ??= this.#place(link, before) ?? this.#hash(link, before) ?? this.#signature(link, before) ?? this.#claim(link);
    this.#head = { chain: link.chain, sequence: link.sequence, hash: link.hash };
    this.#records++;
    return this.#fault === null;
  }

  /** What was found, once nothing more comes. */
  end(): AuditVerification {
    this.#leave();
    for (const chain of this.#claims.chains()) {
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

  #begin(link: Link): Head {
    this.#leave();
    if (this.#seen.has(link.chain)) this.#fault ??= fault(link, 'reordered', 'The chain goes on after another one.');
    this.#seen.add(link.chain);
    this.#unsigned = 0;
    this.#most = this.#claims.mostOf(link.chain);
    return { chain: link.chain, sequence: 0, hash: '' };
  }

  /** Whether the chain that ends here goes as far as somebody says it does. */
  #leave(): void {
    if (!this.#head) return;
    const { chain, sequence } = this.#head;
    const least = this.#claims.leastOf(chain);
    if (least <= sequence) return;
    const detail = `The chain ends at ${sequence}, but it had ${least} records at least.`;
    this.#fault ??= { chain, sequence: sequence + 1, what: 'truncated', detail };
  }

  #place(link: Link, before: Head): AuditVerification['firstFault'] {
    const expected = before.sequence + 1;
    const at = { chain: link.chain, sequence: expected };
    if (link.sequence > expected) return fault(at, 'missing', `Record ${expected} is missing; the next one is ${link.sequence}.`);
    if (link.sequence !== expected) return fault(link, 'inserted', `Record ${link.sequence} stands where ${expected} should follow.`);
    if (expected > this.#most) return fault(link, 'inserted', `The chain ended with record ${this.#most}: what follows was put there.`);
    const opens = typeof link.content === 'object' && link.content?.kind === 'opened';
    if (opens !== (link.sequence === 1)) return fault(link, 'chain', 'A chain has one opening, its first record.');
    return null;
  }

  #hash(link: Link, before: Head): AuditVerification['firstFault'] {
    if (link.content === null) return fault(link, 'changed', 'What it says is not as we write it.');
    const content = typeof link.content === 'string' ? link.content : contentHash(link.content);
    const follows = link.previous === before.hash;
    if (recordHash(link, content) !== link.hash)
      return follows
        ? fault(link, 'changed', 'It does not say what it said when it was written.')
        : fault(link, 'reordered', 'It was written for another place.');
    return follows ? null : fault(link, 'inserted', 'It does not follow the record before it: one of the two was put there.');
  }

  #signature({ content, ...link }: Link, before: Head): AuditVerification['firstFault'] {
    const said = typeof content === 'string' ? null : content;
    if (said?.kind === 'opened') return this.#opening(link, said);
    if (said && said.kind !== 'deed' && this.#unsigned < 0)
      return fault(link, 'checkpoint', 'Records from before there were chains are deeds.');
    if (said?.kind !== 'checkpoint') {
      return ++this.#unsigned > LONGEST_UNSIGNED ? fault(link, 'checkpoint', 'Too many records without a checkpoint.') : null;
    }
    if (!signs(said, before, this.#key))
      return fault(link, 'checkpoint', 'The signature is not that of the records before it: they were written anew.');
    this.#checkpoints++;
    this.#unsigned = 0;
    if (said.detail.closed === true) this.#most = link.sequence;
    this.#lastCheckpoint = { chain: link.chain, sequence: link.sequence, hash: link.hash };
    return null;
  }

  /** The records from before there were chains have no signature of their own: the first chain that has one vouches for all of them. */
  #opening(link: Pick<Link, 'chain' | 'sequence'>, said: RecordContent): AuditVerification['firstFault'] {
    // One that was opened after the claims were read is taken here.
    if (this.#claims.opened(link.chain) || this.#claims.take(link.chain, said)) return null;
    if (said.detail.checkpoints !== false) return fault(link, 'checkpoint', 'The signature of the first record is not ours.');
    if (!opensOlder(said) || this.#claims.older()?.chain !== link.chain) {
      const detail = 'Nobody signed this chain, and the first chain that was signed does not vouch for it: it was put beside the others.';
      return fault(link, 'checkpoint', detail);
    }
    this.#unsigned = Number.NEGATIVE_INFINITY;
    return null;
  }

  #claim(link: Link): AuditVerification['firstFault'] {
    const claimed = this.#claims.hashAt(link.chain, link.sequence);
    if (claimed === undefined || claimed === link.hash) return null;
    return fault(
      link,
      'chain',
      'A later chain, or the checkpoint that was kept, names another hash for it: the records up to it were written anew.',
    );
  }
}

const fault = ({ chain, sequence }: Pick<Link, 'chain' | 'sequence'>, what: What, detail: string): AuditVerification['firstFault'] => ({
  chain: String(chain),
  sequence,
  what,
  detail,
});
