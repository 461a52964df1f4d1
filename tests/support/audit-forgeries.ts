import { Writable } from 'node:stream';
import type { RecordRow } from '../../src/server/audit/record-store.ts';
import { newId, now } from '../../src/server/platform/clock.ts';
import type { Store } from '../../src/server/platform/database.ts';
import { createLog, type Log } from '../../src/server/platform/log.ts';
import { canonicalJson, type Json } from '../../src/server/platform/record-hash.ts';
import { rehashed } from './audit-attacks.ts';

/** What the first record of a chain said that nobody signed. */
export const unsigned = (...predecessors: Json[]): string => canonicalJson({ checkpoints: false, predecessors });

const blank = { sequence: 0, attempt: null, actor_id: null, subject_id: null, outcome: 'done', previous: '', hash: '', detail: '{}' };

/** A deed as whoever writes the store would put it there; place and hash are for `rehashed`. */
export function deedOf(organizationId: string, chain: string, name = 'Mallory'): RecordRow {
  const about = { kind: 'deed', actor_name: name, via: 'cli', action: 'key.created', subject: 'key', organization_id: organizationId };
  return { ...blank, ...about, id: newId(), chain, at: now() };
}

/** A whole chain that nobody signed, hashes and all, as commands and the records from before there were chains had it. */
export function unsignedChain(organizationId: string, { chain = newId(), detail = unsigned(), deeds = 3 } = {}): RecordRow[] {
  const about = { kind: 'opened', actor_name: 'Portcullis', via: 'system', action: 'audit.opened', subject: 'chain', subject_id: chain };
  const opening: RecordRow = { ...blank, ...about, id: newId(), chain, at: now(), organization_id: '', detail };
  return rehashed([opening, ...Array.from({ length: deeds }, () => deedOf(organizationId, chain))], 0);
}

/** The last rows written on by whoever has no key. */
export function writtenOn(rows: readonly RecordRow[], organizationId: string, deeds = 2): RecordRow[] {
  const last = rows.at(-1);
  if (!last) throw new Error('there is nothing to write on from');
  const more = Array.from({ length: deeds }, () => deedOf(organizationId, last.chain));
  return rehashed([...rows, ...more], rows.length).slice(rows.length);
}

/** Puts records, and the chains that they are of, into the store as it stands. */
export async function put(store: Store, rows: readonly RecordRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 500)
    await store.db
      .insertInto('records')
      .values(rows.slice(at, at + 500))
      .execute();
  const at = now();
  for (const id of new Set(rows.map(({ chain }) => chain)))
    await store.db
      .insertInto('audit_chains')
      .values({ id, opened_at: at, touched_at: at, ended_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** A log, and what came to it. */
export function heardLog(): { readonly log: Log; readonly heard: () => string } {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLog('info', sink), heard: () => lines.join('') };
}
