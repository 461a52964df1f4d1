import type { Certificate, ServerFacts } from '../../contract/connections.ts';
import type { Engine, Session } from '../engines/engine.ts';
import { now } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, keepLearned } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { alertOf } from './record-of.ts';

/** Another server that answered in the place of the registered one. */
export interface ServerFound {
  readonly at: string;
  readonly server: ServerFacts;
}

/** Another certificate that the server showed, and those seen before it. `at`: when it was new. */
export interface CertificateChange {
  readonly at: string;
  readonly before: string;
  readonly seen: readonly string[];
}

const describe = (server: ServerFacts | null): string => (server ? `${server.product} ${server.version}` : 'unknown');

const toldBy = ({ server }: Pick<ConnectionRow, 'server'>): ServerFacts | null =>
  server === null ? null : (JSON.parse(server) as ServerFacts);

/**
 * Whether what answers is not to be taken for the registered server: it says that it is another one, or keeps to itself what it said in the last
 * passed test. Those that never said it are not judged by it. `mayBeSilent`: the login is a new one, which may not be able to see it.
 */
export function isOther(row: Pick<ConnectionRow, 'server' | 'server_identity'>, found: string | null, mayBeSilent = false): boolean {
  if (found !== null) return row.server_identity !== null && row.server_identity !== found;
  return !mayBeSilent && (toldBy(row)?.identity ?? null) !== null;
}

/** The fault of another server than the registered one. */
export function otherServer(row: Pick<ConnectionRow, 'server' | 'server_identity'>, found: ServerFacts): Fault {
  const before = toldBy(row);
  const answer = `${describe(found)} in the place of ${describe(before)}`;
  return new Fault('server.changed', {
    stage: 'version',
    field: 'address.host',
    detail:
      found.identity === null
        ? `What answers there does not say any more which server and database it is: ${answer}. It may be another one.`
        : `Another server or database answers there than the registered one: ${answer}.`,
    tryThis: [
      found.identity === null
        ? 'Ask whoever runs the database whether the login lost a right, or something stands before the server now.'
        : 'Ask whoever runs the database whether it was moved, restored or failed over.',
      'If it is the right one, its creator or an Admin tests and confirms it; until then nothing is asked of it.',
    ],
    technical: `identity ${found.identity ?? 'unknown'} in place of ${row.server_identity ?? 'unknown'}`,
  });
}

type Deps = Pick<ConnectionsDeps, 'store' | 'record'>;

/** Proves of an open session that it reached the registered database. Another one is flagged, and nothing is asked of it. */
export async function requireSameServer(deps: Deps, row: ConnectionRow, engine: Engine, session: Session): Promise<void> {
  let found = await engine.server(session);
  // What it would not say once, it may say when asked again: one that is overloaded ends a question.
  if (found.identity === null && isOther(row, null)) found = await engine.server(session);
  if (isOther(row, found.identity)) {
    await flagServer(deps, row, found);
    throw otherServer(row, found);
  }
  await noticeCertificate(deps, row, session.certificate);
}

/** Remembers that another server answered, until a person tests and confirms. */
export async function flagServer(deps: Pick<Deps, 'store'>, row: ConnectionRow, server: ServerFacts): Promise<void> {
  if (row.server_found !== null) return;
  await keepLearned(deps.store.db, row, { server_found: JSON.stringify({ at: now(), server } satisfies ServerFound), next_probe_at: null });
}

/** Most fingerprints that are remembered: those of a few servers behind one name. */
const MOST_SEEN = 16;

/** A certificate that was accepted but is not the recorded one is told once: an authority vouches for it, and still somebody should know. */
async function noticeCertificate(deps: Deps, row: ConnectionRow, shown: Certificate | null): Promise<void> {
  const recorded = row.certificate === null ? null : (JSON.parse(row.certificate) as Certificate);
  if (!shown || !recorded || shown.sha256 === recorded.sha256) return;
  const change = row.certificate_change === null ? null : (JSON.parse(row.certificate_change) as CertificateChange);
  if (change?.seen.includes(shown.sha256)) return;
  const seen = [...(change?.seen ?? [recorded.sha256]), shown.sha256].slice(-MOST_SEEN);
  const next: CertificateChange = { at: now(), before: recorded.sha256, seen };
  await deps.store.db.transaction().execute(async (trx) => {
    await keepLearned(trx, row, { certificate: JSON.stringify(shown), certificate_change: JSON.stringify(next) });
    await deps.record(trx, alertOf(row, 'tls.changed', { before: recorded.sha256, now: shown.sha256, subject: shown.subject }));
  });
}
