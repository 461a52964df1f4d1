import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Client, createClient } from '../../src/contract/client.ts';
import type { PostgresServer } from './postgres.ts';
import { type ServerProcess, startProcess } from './process.ts';

/** What the rounds found: every list is empty when all is well. */
export interface KillReport {
  readonly rounds: number;
  readonly acknowledged: number;
  /** At what the server was when it was killed: run phases seen just before. */
  readonly seen: Readonly<Record<string, number>>;
  readonly lost: readonly string[];
  readonly unfinished: readonly string[];
  readonly wrong: readonly string[];
}

interface Target {
  readonly server: PostgresServer;
  readonly database: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly tables: number;
}

/** How long a registration may take before its round goes on without it. */
const PATIENCE = 20_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Registers and reads a database while the server is killed with SIGKILL at random moments, then looks whether anything acknowledged is missing or half done. */
export async function killRounds(rounds: number, target: Target, say: (line: string) => void = () => {}): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-kill-'));
  const env = { PORTCULLIS_DATA_DIR: folder, PORTCULLIS_LOG_LEVEL: 'error' };
  const acknowledged = new Map<string, string>();
  const seen: Record<string, number> = {};
  let server = await startProcess(env);
  try {
    const made = await createClient({ baseUrl: server.url }).setup({
      body: { organization: 'Kill', name: 'K', email: 'k@example.com', password: 'correct horse battery' },
    });
    const client = (): Client => createClient({ baseUrl: server.url, headers: { authorization: `Bearer ${made.apiKey}` } });
    for (let round = 1; round <= rounds; round++) {
      const moment = Math.random() * 1500;
      const known = acknowledged.size;
      const working = disturb(client(), target, round, acknowledged, seen);
      // One round is cut anywhere, the next one after something was promised: on a slow machine the first kind alone would promise nothing.
      const promised = round % 2 === 1 ? 0 : PATIENCE;
      for (let waited = 0; waited < promised && acknowledged.size === known; waited += 20) await pause(20);
      await pause(moment);
      await server.kill('SIGKILL');
      await working;
      say(`round ${round}: killed after ${Math.round(moment)} ms, ${acknowledged.size} acknowledged`);
      server = await startProcess(env);
    }
    const unfinished = await settle(client(), server);
    const lost = await missing(client(), acknowledged);
    await server.kill('SIGTERM');
    return { rounds, acknowledged: acknowledged.size, seen, lost, unfinished, wrong: inspect(folder, target.tables) };
  } finally {
    if (server.child.exitCode === null && server.child.signalCode === null) await server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Registers one more and reads an older one again, until the server is gone. */
async function disturb(
  client: Client,
  { server, database, login }: Target,
  round: number,
  acknowledged: Map<string, string>,
  seen: Record<string, number>,
): Promise<void> {
  const address = { host: server.host, port: server.port, database, tls: { mode: 'disable' }, ssh: null };
  try {
    const older = [...acknowledged.keys()].at(-1);
    if (older) await client.startIngestion({ params: { id: older } }).catch(() => {});
    const acknowledge = [{ code: 'tls.disabled' as const, reason: 'loopback' }];
    const connection = await client.createDbConnection({
      body: { dbType: 'postgresql', name: `round ${round}`, address, credentials: { readOnly: login }, acknowledge },
    });
    acknowledged.set(connection.id, connection.name);
    for (;;) {
      const { ingestion } = await client.getDbConnection({ params: { id: connection.id } });
      const phase = ingestion?.phase ?? 'none';
      seen[phase] = (seen[phase] ?? 0) + 1;
      await pause(5);
    }
  } catch {
    // The server was killed under us: what was not acknowledged may be there or not.
  }
}

/** Waits until nothing is being read; names what is not ready then. */
async function settle(client: Client, server: ServerProcess): Promise<string[]> {
  for (let tries = 0; tries < 600; tries++) {
    const { items } = await client.listDbConnections({ query: { limit: 500 } });
    const waiting = items.filter(
      (item) => item.status !== 'ready' || item.ingestion?.state === 'running' || item.ingestion?.state === 'queued',
    );
    if (waiting.length === 0) return [];
    if (tries === 599)
      return waiting.map((item) => `${item.name}: ${item.status}, ${item.ingestion?.state} ${item.ingestion?.error?.message ?? ''}`);
    await pause(100);
  }
  return [`no answer from ${server.url}`];
}

async function missing(client: Client, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const { items } = await client.listDbConnections({ query: { limit: 500 } });
  const there = new Set(items.map((item) => item.id));
  return [...acknowledged].filter(([id]) => !there.has(id)).map(([, name]) => name);
}

/** Looks into the store itself: one current version per table, a passage for each, no open run, no event left over. */
function inspect(folder: string, tables: number): string[] {
  const db = new DatabaseSync(join(folder, 'portcullis.db'), { readOnly: true });
  const count = (sql: string): number => Number(db.prepare(sql).get()?.n ?? -1);
  const wrong: string[] = [];
  for (const row of db
    .prepare(
      'select c.name, (select count(*) from catalog_tables t where t.connection_id = c.id and t.removed_in is null) as n from db_connections c',
    )
    .all()) {
    if (row.n !== tables) wrong.push(`${row.name} has ${row.n} tables, not ${tables}`);
  }
  const checks: Record<string, string> = {
    'tables twice':
      'select count(*) as n from (select 1 from catalog_tables where removed_in is null group by connection_id, schema_name, table_name having count(*) > 1)',
    'open runs': 'select count(*) as n from ingestion_runs where open is not null',
    'tables without passage':
      'select count(*) as n from catalog_tables t where removed_in is null and not exists (select 1 from passages p where p.table_id = t.id)',
    'connections without credential':
      'select count(*) as n from db_connections c where not exists (select 1 from db_credentials k where k.connection_id = c.id)',
    'connections without record':
      "select count(*) as n from db_connections c where not exists (select 1 from records r where r.subject_id = c.id and r.action = 'connection.registered')",
    'events not handed on': 'select count(*) as n from events where dispatched_at is null',
    damage: "select count(*) as n from pragma_integrity_check where integrity_check <> 'ok'",
  };
  for (const [name, sql] of Object.entries(checks)) if (count(sql) !== 0) wrong.push(`${name}: ${count(sql)}`);
  db.close();
  return wrong;
}
