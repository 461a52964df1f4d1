import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../src/contract/client.ts';
import { openStore } from '../src/server/platform/database.ts';
import { migrate } from '../src/server/platform/migrate.ts';
import { enrol } from '../tests/support/app.ts';
import type { PostgresServer } from '../tests/support/postgres.ts';
import { startProcess } from '../tests/support/process.ts';

/** So many people ask in turn. */
const PEOPLE = 4;

/** The database that is registered, and who reads it. */
export interface Registered {
  readonly server: PostgresServer;
  readonly database: string;
  readonly login: { readonly username: string; readonly password: string };
}

/** A server process with one ready connection, asked through REST as a program does; keeps the entry id of every answer. */
export async function startGoverned(folder: string, { server, database, login }: Registered) {
  const env = { PORTCULLIS_DATA_DIR: folder, PORTCULLIS_LOG_LEVEL: 'error' };
  let process = await startProcess(env);
  const person = { organization: 'Bench', name: 'B', email: 'b@example.com', password: 'correct horse battery' };
  const { apiKey = '' } = await createClient({ baseUrl: process.url }).setup({ body: person });
  const connect = (headers: Record<string, string> = {}) => createClient({ baseUrl: process.url, headers });
  const clientOf = (key: string) => connect({ authorization: `Bearer ${key}` });
  let client = clientOf(apiKey);
  const keys = [apiKey];
  while (keys.length < PEOPLE)
    keys.push((await enrol({ url: process.url, admin: client, client: connect }, 'manager', ['query:read'])).apiKey);
  const address = { host: server.host, port: server.port, database, tls: { mode: 'disable' }, ssh: null };
  const acknowledge = [{ code: 'tls.disabled' as const, reason: 'loopback' }];
  const body = { dbType: 'postgresql' as const, name: 'Bench', address, credentials: { readOnly: login }, acknowledge };
  const { id } = await client.createDbConnection({ body: { ...body, visibility: 'organization' } });
  while ((await client.getDbConnection({ params: { id } })).status !== 'ready') await pause(100);
  const answered = new Set<string>();

  let clients = keys.map(clientOf);
  /** Asks as one of the people: each may run four statements at once, so that every fourth worker is the same person. */
  async function ask(worker: number, sql: string, parameters: number[]): Promise<void> {
    const asker = clients[worker % PEOPLE] ?? client;
    const { entryId } = await asker.runQuery({ params: { id }, body: { sql, parameters } });
    answered.add(entryId);
  }

  /** Ids of answers that are not on record as done. */
  async function unrecorded(): Promise<string[]> {
    const missing = new Set(answered);
    for (let cursor: string | undefined; ; ) {
      const page = await client.listAuditEntries({ query: { action: 'query', limit: 500, ...(cursor ? { cursor } : {}) } });
      for (const { id: entry, outcome } of page.items) if (outcome === 'done') missing.delete(entry);
      if (page.nextCursor === null) return [...missing];
      cursor = page.nextCursor;
    }
  }

  return {
    ask,
    /** The same way there and back, with nothing to do: what HTTP alone costs. */
    askNothing: async () => void (await (await fetch(`${process.url}/healthz`)).text()),
    answered,
    pid: () => process.pid,
    /** Kills it with SIGKILL while `work` goes on, starts it again, and gives the answers that are not on record. */
    async killedInTheMiddle(work: () => Promise<unknown>): Promise<string[]> {
      const ended = work().catch(() => undefined);
      await pause(1000 + Math.random() * 1000);
      await process.kill('SIGKILL');
      await ended;
      process = await startProcess(env);
      client = clientOf(apiKey);
      clients = keys.map(clientOf);
      return unrecorded();
    },
    stop: () => process.kill('SIGTERM'),
  };
}

/** A store of the same kind in a folder of its own, and one small durable commit into it. */
export async function openCommits() {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const store = await openStore({ folder });
  await migrate(store);
  let number = 0;
  return {
    commit: () =>
      store.db
        .insertInto('spent_receipts')
        .values({ id: `bench ${number++}`, spent_at: '', expires_at: '' })
        .execute(),
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How often a process and its threads asked for their data to be on disk while `work` went on; null where strace is not installed. */
export async function countSyncs(pid: number, work: () => Promise<unknown>): Promise<number | null> {
  if (!existsSync('/usr/bin/strace')) {
    await work();
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const log = join(folder, 'syncs');
  const tracer = spawn('/usr/bin/strace', ['-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', log, '-p', String(pid)], { stdio: 'ignore' });
  const gone = new Promise((resolve) => tracer.once('exit', resolve));
  await pause(1000);
  try {
    await work();
  } finally {
    tracer.kill('SIGINT');
    await gone;
  }
  // A call that another thread interrupted is written on two lines.
  const count = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /\bf(data)?sync\(/.test(line)).length;
  rmSync(folder, { recursive: true, force: true });
  return count;
}
