import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEntry } from '../../src/contract/audit.ts';
import { type Client, createClient, ProblemError } from '../../src/contract/client.ts';
import type { PostgresServer } from './postgres.ts';
import { startProcess } from './process.ts';

/** What the rounds found: every list is empty when all is well. */
export interface QueryKillReport {
  readonly rounds: number;
  readonly answered: number;
  /** Statements that were on their way when the server was killed, by how they ended on record. */
  readonly interrupted: Readonly<Record<string, number>>;
  /** Answered, but not on record as done. */
  readonly missing: readonly string[];
  /** On record with an end that cannot be. */
  readonly wrong: readonly string[];
}

interface Target {
  readonly server: PostgresServer;
  readonly database: string;
  readonly login: { readonly username: string; readonly password: string };
}

const PEOPLE = 4;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks without a pause while the server is killed with SIGKILL at random moments; then compares what was answered with what is on record. */
export async function queryKillRounds(
  rounds: number,
  target: Target,
  say: (line: string) => void = () => {},
  store: Readonly<Record<string, string>> = {},
): Promise<QueryKillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-query-kill-'));
  const env = { PORTCULLIS_DATA_DIR: folder, PORTCULLIS_LOG_LEVEL: 'error', ...store };
  let process = await startProcess(env);
  try {
    const made = await createClient({ baseUrl: process.url }).setup({
      body: { organization: 'Kill', name: 'K', email: 'k@example.com', password: 'correct horse battery' },
    });
    const client = (): Client => createClient({ baseUrl: process.url, headers: { authorization: `Bearer ${made.apiKey}` } });
    const id = await register(client(), target);
    const answered = new Set<string>();
    const asked = new Set<string>();
    for (let round = 1; round <= rounds; round++) {
      // The first statement loads the parser: the burst begins after it.
      await client().runQuery({ params: { id }, body: { sql: 'select count(*) from orders' } });
      const asking = Array.from({ length: PEOPLE }, (_, person) => burst(client(), id, `${round} ${person}`, answered, asked));
      const moment = 100 + Math.random() * 1500;
      await pause(moment);
      await process.kill('SIGKILL');
      await Promise.all(asking);
      say(`round ${round}: killed after ${Math.round(moment)} ms, ${answered.size} answered of ${asked.size}`);
      process = await startProcess(env);
    }
    const entries = await settledEntries(client());
    const verified = await client().verifyAudit();
    await process.kill('SIGTERM');
    const report = compare(entries, answered, asked);
    if (!verified.ok) report.wrong.push(`the chains do not verify: ${JSON.stringify(verified.firstFault)}`);
    return { rounds, answered: answered.size, ...report };
  } finally {
    if (process.child.exitCode === null && process.child.signalCode === null) await process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function register(client: Client, { server, database, login }: Target): Promise<string> {
  const address = { host: server.host, port: server.port, database, tls: { mode: 'disable' }, ssh: null };
  const acknowledge = [{ code: 'tls.disabled' as const, reason: 'loopback' }];
  const body = { dbType: 'postgresql' as const, name: 'Burst', address, credentials: { readOnly: login }, acknowledge };
  const { id } = await client.createDbConnection({ body });
  for (let tries = 0; tries < 600; tries++) {
    if ((await client.getDbConnection({ params: { id } })).status === 'ready') return id;
    await pause(100);
  }
  throw new Error('its schema was not read within a minute');
}

/** Asks one statement after the other until the server is gone; each can be told from all others. */
async function burst(client: Client, id: string, who: string, answered: Set<string>, asked: Set<string>): Promise<void> {
  for (let n = 0; ; n++) {
    const sql = `select count(*) from orders where note = '${who} ${n}'`;
    asked.add(sql);
    try {
      await client.runQuery({ params: { id }, body: { sql } });
      answered.add(sql);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      // The server is gone.
      return;
    }
  }
}

/** Every entry, once none is open any more: where several processes share a store, one is taken for gone only after a silence of 30 s. */
async function settledEntries(client: Client): Promise<AuditEntry[]> {
  for (let tries = 0; ; tries++) {
    const entries = await everyEntry(client);
    if (tries === 90 || !entries.some(({ outcome }) => outcome === 'pending')) return entries;
    await pause(1000);
  }
}

async function everyEntry(client: Client): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await client.listAuditEntries({ query: { action: 'query', limit: 500, ...(cursor ? { cursor } : {}) } });
    all.push(...items);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
}

function compare(entries: readonly AuditEntry[], answered: ReadonlySet<string>, asked: ReadonlySet<string>) {
  const missing = new Set(answered);
  const interrupted: Record<string, number> = {};
  const wrong: string[] = [];
  for (const { sql, outcome } of entries) {
    if (sql === 'select count(*) from orders' && outcome === 'done') continue;
    if (sql === null || !asked.has(sql)) wrong.push(`nobody asked ${sql}`);
    else if (answered.has(sql) && outcome === 'done') missing.delete(sql);
    else if (!answered.has(sql)) {
      interrupted[outcome] = (interrupted[outcome] ?? 0) + 1;
      // The answer may have been on its way; anything else than an end that is known or said to be unknown was guessed.
      if (outcome !== 'unknown' && outcome !== 'done') wrong.push(`${sql}: ${outcome}`);
    }
  }
  return { missing: [...missing], interrupted, wrong };
}
