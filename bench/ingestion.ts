import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import type { IngestionRun } from '../src/contract/connections.ts';
import * as catalogSql from '../src/server/engines/postgres/catalog.sql.ts';
import { engines } from '../src/server/engines/registry.ts';
import { newId } from '../src/server/platform/clock.ts';
import { openStore, type Store, type StorePlace } from '../src/server/platform/database.ts';
import { migrate } from '../src/server/platform/migrate.ts';
import { Secret } from '../src/server/platform/secret.ts';
import { createRetrieval } from '../src/server/retrieval/retrieval.ts';
import { insertConnection, testCatalog } from '../tests/support/catalog.ts';
import { open } from '../tests/support/open-postgres.ts';
import { type Login, type PostgresServer, startPostgres } from '../tests/support/postgres.ts';
import { loadGenerated } from '../tests/support/sample-database.ts';

/**
 * Reads generated databases of 1,000 and 10,000 tables on a PostgreSQL with fsync on, into either store: how long reading takes beside the
 * bare catalogue queries (the same SQL, its rows thrown away), how long storing and preparing for search, and the longest pause of the
 * process meanwhile. Medians of three rounds.
 */
/** The sizes may be given as arguments. */
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000];
const ROUNDS = 3;
const queries = [
  catalogSql.enumsSql,
  catalogSql.tablesSql,
  catalogSql.partitionsSql,
  catalogSql.dependenciesSql,
  catalogSql.columnsSql,
  catalogSql.constraintsSql,
  catalogSql.indexesSql,
  catalogSql.commentsSql,
];

interface Figures {
  readonly read: number;
  readonly stored: number;
  readonly prepared: number;
  readonly again: number;
  readonly pause: number;
  readonly preparing: number;
}

const median = (figures: readonly number[]): number => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
const shown = (ms: number): string => Math.round(ms).toLocaleString('en-US');

async function bare(server: PostgresServer, database: string, login: Login): Promise<number> {
  const client = new Client({ connectionString: server.url(database, login) });
  await client.connect();
  const begun = performance.now();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  for (const text of queries) await client.query({ text, rowMode: 'array' });
  await client.query('COMMIT');
  const took = performance.now() - begun;
  await client.end();
  return took;
}

async function ingestion(kind: Store['kind'], server: PostgresServer, database: string, login: Login): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
  const name = `store_${newId()}`;
  if (kind === 'server') await server.createDatabase(name);
  const place: StorePlace = kind === 'server' ? { url: new Secret(server.url(name)) } : { folder };
  const on = { place, store: await openStore(place) };
  await migrate(on.store);
  const [engine] = engines;
  if (!engine) throw new Error('there is no engine');
  const openSession = async (_: string, { signal, statementTimeoutMs }: { signal: AbortSignal; statementTimeoutMs: number }) => {
    const session = await open({ port: server.port, database, ...login }, [], signal, statementTimeoutMs);
    return { engine, session, version: 1, close: () => session.close() };
  };
  const retrieval = createRetrieval({ store: on.store });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const pauses: number[] = [];
  const buildPassages: typeof retrieval.buildPassages = (connectionId, how) => {
    pauses.push(delay.max / 1e6);
    delay.reset();
    return retrieval.buildPassages(connectionId, how);
  };
  const { catalog, jobs } = testCatalog(on, { tables: [], failures: [], pace: 0, opened: 0 }, { openSession, buildPassages });
  await jobs.start();
  const { id, actor } = await insertConnection(on.store);
  const run = async (): Promise<IngestionRun> => {
    const { id: runId } = await catalog.startIngestion(actor, { id });
    for (;;) {
      const found = await catalog.getIngestion(actor, { id, runId });
      if (found.finishedAt !== null) return found;
      await setTimeout(50);
    }
  };
  delay.enable();
  const first = await run();
  delay.disable();
  pauses.push(delay.max / 1e6);
  const second = await run();
  await jobs.drain(5000);
  await on.store.close();
  await rm(folder, { recursive: true, force: true });
  const at = (log: IngestionRun['log'], start: string): number => Date.parse(log.find((line) => line.message.startsWith(start))?.at ?? '');
  const compared = at(first.log, 'Published');
  const end = (log: IngestionRun['log']): number =>
    Math.max(...log.filter((line) => line.phase === 'comments').map((line) => Date.parse(line.at)));
  if (first.state !== 'succeeded' || second.state !== 'succeeded') throw new Error(`a run ${first.state}, ${second.state}`);
  return {
    read: end(first.log) - at(first.log, 'Connected'),
    stored: compared - end(first.log),
    prepared: Date.parse(first.finishedAt ?? '') - compared,
    again: Date.parse(second.finishedAt ?? '') - Date.parse(second.startedAt ?? ''),
    pause: pauses[0] ?? 0,
    preparing: pauses[1] ?? 0,
  };
}

const server = await startPostgres({ fsync: true });
try {
  console.log(
    '| tables | store | bare queries ms | read ms | ratio | stored ms | prepared for search ms | read again, unchanged ms | longest pause ms: reading and storing | preparing |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const size of SIZES) {
    const database = `generated_${size}`;
    await loadGenerated(server, database, size);
    const login = await server.createReadOnlyLogin(database, 'bench_reader', 'bench reader password');
    await bare(server, database, login);
    const queriesTook: number[] = [];
    for (let round = 0; round < ROUNDS; round++) queriesTook.push(await bare(server, database, login));
    const base = median(queriesTook);
    for (const kind of ['embedded', 'server'] as const) {
      const rounds: Figures[] = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await ingestion(kind, server, database, login));
      const of = (name: keyof Figures): number => median(rounds.map((figures) => figures[name]));
      const cells = [shown(size), kind, shown(base), shown(of('read')), (of('read') / base).toFixed(1)];
      console.log(
        `| ${[...cells, ...(['stored', 'prepared', 'again', 'pause', 'preparing'] as const).map((name) => shown(of(name)))].join(' | ')} |`,
      );
    }
  }
} finally {
  await server.stop();
}
