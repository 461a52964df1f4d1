import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../tests/support/postgres.ts';
import { percentile } from './figures.ts';
import { countSyncs, openCommits, startGoverned } from './governed.ts';

/**
 * Governed statements through REST, beside the bare driver, one durable commit of the same kind of store and an answer of the same server with nothing in it,
 * in turns: a point query, 1,000 rows and a join, 1 and 16 at a time. Counts the syncs to disk, kills the process in the middle, and is void if an answered statement is not on record.
 */
const rounds = Number(process.argv[2] ?? 300);
const perTurn = 16;
const server = await startPostgres({ fsync: true });
await server.createDatabase('shop');
await server.sql(
  `create table customers (id int primary key, name text not null);
   create table orders (id int primary key, customer_id int not null references customers, note text, total numeric(9, 2), at timestamptz);
   insert into customers select i, 'customer ' || i from generate_series(1, 500) i;
   insert into orders select i, 1 + i % 500, 'note ' || i, i / 7.0, timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 20000) i;
   analyze`,
  'shop',
);
const login = await server.createReadOnlyLogin('shop', 'reader', 'a password for reading');
const statements = {
  'point query': 'select id, note, total from orders where id = $1',
  '1,000 rows': 'select id, customer_id, note, total, at from orders where id > $1 order by id limit 1000',
  join: 'select c.name, count(*) as orders, sum(o.total) as total from customers c join orders o on o.customer_id = c.id where c.id between $1 and $1 + 50 group by c.name order by c.name',
};
const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
const governed = await startGoverned(folder, { server, database: 'shop', login });
const bare = new pg.Pool({
  host: server.host,
  port: server.port,
  database: 'shop',
  user: login.username,
  password: login.password,
  max: 4,
});
const commits = await openCommits();
let good = false;

/** Milliseconds of each of `count` runs, so many at a time. */
async function run(count: number, at: number, work: (worker: number) => Promise<unknown>): Promise<number[]> {
  const figures: number[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: at }, async (_, worker) => {
      while (left-- > 0) {
        const begun = performance.now();
        await work(worker);
        figures.push(performance.now() - begun);
      }
    }),
  );
  return figures;
}

let number = 0;
const parameter = (): number => 1 + (number++ % 400);
try {
  console.log(
    '| statement | at a time | governed p50 / p95, ms | bare p50, ms | one commit p50, ms | empty answer p50, ms | governed p50 / (bare + commit) | / (bare + commit + empty) |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const [name, sql] of Object.entries(statements))
    for (const at of [1, 16]) {
      const works = {
        governed: (worker: number) => governed.ask(worker, sql, [parameter()]),
        bare: () => bare.query(sql, [parameter()]),
        commit: () => commits.commit(),
        empty: () => governed.askNothing(),
      };
      const figures = { governed: [] as number[], bare: [] as number[], commit: [] as number[], empty: [] as number[] };
      const order = Object.keys(works) as (keyof typeof works)[];
      // Warm, and not counted: a server that has answered for a moment is what people meet.
      for (const kind of order) await run(1000, at, works[kind]);
      for (let turn = 0; turn < rounds / perTurn; turn++)
        for (const kind of order.sort(() => Math.random() - 0.5)) figures[kind].push(...(await run(perTurn, at, works[kind])));
      const p50 = (kind: keyof typeof works): number => percentile(figures[kind], 50);
      const least = p50('bare') + p50('commit');
      const cells = [
        `${p50('governed').toFixed(2)} / ${percentile(figures.governed, 95).toFixed(2)}`,
        p50('bare').toFixed(2),
        p50('commit').toFixed(2),
        p50('empty').toFixed(2),
        (p50('governed') / least).toFixed(2),
        (p50('governed') / (least + p50('empty'))).toFixed(2),
      ];
      console.log(`| ${name} | ${at} | ${cells.join(' | ')} |`);
    }
  const point = (worker: number) => governed.ask(worker, statements['point query'], [parameter()]);
  for (const at of [1, 16]) {
    const before = governed.answered.size;
    const syncs = await countSyncs(governed.pid(), () => run(200, at, point));
    const answers = governed.answered.size - before;
    console.log(
      `\n${at} at a time: ${answers} answers, ${syncs ?? 'uncounted'} syncs to disk${syncs === null ? ' (strace is not installed)' : ''}`,
    );
    if (at === 1 && syncs !== null && syncs < answers)
      throw new Error('VOID: fewer syncs than answers: something was answered before it was durable');
  }
  const missing = await governed.killedInTheMiddle(() => run(Number.MAX_SAFE_INTEGER, 16, point));
  console.log(
    `\nkilled with SIGKILL in the middle: ${governed.answered.size} statements were answered in all, ${missing.length} of them are not on record`,
  );
  if (missing.length > 0) throw new Error('VOID: an answered statement is not on record');
  good = true;
} finally {
  await governed.stop();
  await commits.close();
  await bare.end();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(good ? 0 : 1);
