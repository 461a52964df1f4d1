import type { KeyObject } from 'node:crypto';
import { newId } from '../platform/clock.ts';
import { type Database, type Store, storeFacts } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import { createSigner, type Head, openingContent, opensOlder, type Signer } from './checkpoint.ts';
import { type Claims, readClaims } from './claims.ts';
import { appendRecords, contentOf, findHead, insertChain, listOpenings } from './record-store.ts';

/** The server's key for the audit, in a transaction. `made`: it was made there, so nothing in this store was signed by it before. */
export type AuditKey = (trx: Database) => Promise<{ readonly key: KeyObject; readonly made: boolean }>;

/** What a chain is opened with. */
export interface ChainPlace {
  readonly store: Store;
  readonly log: Log;
  readonly key: AuditKey;
}

/** Opens a new chain whose first record names the heads of the chains that it finds. Those that it cannot vouch for it names in the log alone. */
export async function openChain({ store, log, key }: ChainPlace): Promise<{ head: Head; signer: Signer }> {
  const chain = newId();
  const alone = !storeFacts[store.kind].multipleProcesses;
  const opened = await store.db.transaction().execute(async (trx) => {
    const own = await key(trx);
    const signer = createSigner(own.key);
    const claims = await readClaims(trx, signer.publicKey);
    const { heads, strange } = await readEnds(trx, claims, { ...own, alone });
    await insertChain(trx, chain);
    const head = await appendRecords(
      trx,
      store.kind,
      chain,
      () => [openingContent(signer, chain, { heads, alone })],
      () => {},
    );
    return { signer, strange, head };
  });
  if (opened.strange.length > 0)
    log.error(
      { chains: opened.strange },
      'the record does not verify: these chains were not signed by this server, or are not as long as it signed; `portcullis audit verify` tells more',
    );
  return opened;
}

/** The heads to name, and the chains that are not to be: naming them would say that their records were written by us. */
async function readEnds(trx: Database, claims: Claims, { made, alone }: { made: boolean; alone: boolean }) {
  const heads: Head[] = [];
  const older: Head[] = [];
  const strange: string[] = [];
  for (const row of await listOpenings(trx)) {
    const end = await findHead(trx, row.chain);
    if (!end) continue;
    const content = contentOf(row);
    const known = claims.hashAt(end.chain, end.sequence);
    const fits = claims.leastOf(end.chain) <= end.sequence && end.sequence <= claims.mostOf(end.chain);
    if (!fits || (known !== undefined && known !== end.hash)) strange.push(end.chain);
    else if (claims.opened(end.chain)) {
      // Where others write too, it is named again when it has grown; where nobody does, once, as ended.
      if (alone ? claims.mostOf(end.chain) !== end.sequence : known === undefined) heads.push(end);
    } else if (made && content && opensOlder(content)) older.push(end);
    else if (claims.older()?.chain !== end.chain) strange.push(end.chain);
  }
  if (older.length > 1) strange.push(...older.map((end) => end.chain));
  else heads.push(...older);
  return { heads, strange };
}
