import type { KeyObject } from 'node:crypto';
import type { Database } from '../platform/database.ts';
import type { RecordContent } from '../platform/record-hash.ts';
import { type Head, opens, readHead, readPublicKey } from './checkpoint.ts';
import { contentOf, listOpenings } from './record-store.ts';

/** What a signed first record says. */
interface Opening {
  readonly at: string;
  readonly heads: readonly Head[];
}

/** What is said of chains under the server's signature, or by a checkpoint that was kept elsewhere. What nobody signed says nothing here. */
export class Claims {
  readonly #key: KeyObject | null;
  readonly #openings = new Map<string, Opening>();
  /** Which hash stands at a place: by chain, then by sequence number. */
  readonly #named = new Map<string, Map<number, string>>();
  /** Where chains end that get no more. */
  readonly #ended = new Map<string, number>();
  #older: Head | null = null;
  #sought = false;

  constructor(publicKey: string) {
    this.#key = readPublicKey(publicKey);
  }

  /** Takes what the first record of a chain says, if it is signed; says whether it is. */
  take(chain: string, content: RecordContent): boolean {
    if (!opens(content, chain, this.#key)) return false;
    const heads = headsOf(content);
    this.#openings.set(chain, { at: content.at, heads });
    this.#sought = false;
    for (const head of heads) {
      this.add(head);
      if (content.detail.alone === true) this.#ended.set(head.chain, Math.min(head.sequence, this.#ended.get(head.chain) ?? head.sequence));
    }
    return true;
  }

  /** Adds one head. Two hashes for one place cannot both be right: no record will be. */
  add({ chain, sequence, hash }: Head): void {
    const places = this.#named.get(chain) ?? new Map<number, string>();
    const standing = places.get(sequence) ?? hash;
    this.#named.set(chain, places.set(sequence, standing === hash ? hash : 'contradicted'));
  }

  /** Whether the first record of the chain is signed. */
  opened(chain: string): boolean {
    return this.#openings.has(chain);
  }

  /** The chains of which something is said. */
  chains(): Iterable<string> {
    return this.#named.keys();
  }

  /** The hash that stands at a place, if somebody says so. */
  hashAt(chain: string, sequence: number): string | undefined {
    return this.#named.get(chain)?.get(sequence);
  }

  /** How many records a chain has at the least. */
  leastOf(chain: string): number {
    return Math.max(0, ...(this.#named.get(chain)?.keys() ?? []));
  }

  /** How many records a chain has at the most. */
  mostOf(chain: string): number {
    const older = this.older();
    return this.#ended.get(chain) ?? (older?.chain === chain ? older.sequence : Number.POSITIVE_INFINITY);
  }

  /**
   * The head of the one chain that may stand there unsigned: that of the records from before there were chains. The first chain that was
   * signed names it and nothing else; every later one names one that was signed.
   */
  older(): Head | null {
    if (!this.#sought) this.#older = this.#findOlder();
    this.#sought = true;
    return this.#older;
  }

  #findOlder(): Head | null {
    let first: [string, Opening] | undefined;
    for (const [chain, opening] of this.#openings) {
      if (opening.heads.some((head) => this.#openings.has(head.chain))) continue;
      if (!first || opening.at < first[1].at || (opening.at === first[1].at && chain < first[0])) first = [chain, opening];
    }
    const [only, ...others] = first?.[1].heads ?? [];
    return only && others.length === 0 ? only : null;
  }
}

function headsOf({ detail }: RecordContent): Head[] {
  if (!Array.isArray(detail.predecessors)) return [];
  const named = detail.predecessors as readonly { chain?: unknown; sequence?: unknown; hash?: unknown }[];
  return named.map((one) => readHead(`${one?.chain}:${one?.sequence}:${one?.hash}`)).filter((head) => head !== null);
}

/** All that the first records of the chains in the store say. */
export async function readClaims(db: Database, publicKey: string): Promise<Claims> {
  const claims = new Claims(publicKey);
  for (const row of await listOpenings(db)) {
    const content = contentOf(row);
    if (content) claims.take(row.chain, content);
  }
  return claims;
}
