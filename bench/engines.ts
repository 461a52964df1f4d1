import { setTimeout as pause } from 'node:timers/promises';
import type { TestInput } from '../src/contract/connections.ts';
import { startApp } from '../tests/support/app.ts';
import { type BenchPlace, starters } from './engine-places.ts';
import { percentile, timed } from './figures.ts';

/**
 * For each engine through REST, in turns with its bare driver: the staged test against connecting, one select and closing; a point query against the same
 * in an open connection; reading schemas until they are published against the bare catalogue queries, their rows thrown away.
 */
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000];
const app = await startApp({ env: { PORTCULLIS_LOG_LEVEL: 'error' } });
const { organization } = await app.admin.client.getMe();
const root = `${app.folder}/data/databases/${organization.id}`;
const { client } = app.admin;

const ratio = (governed: readonly number[], bare: readonly number[]): string => {
  const [ours, theirs] = [percentile(governed, 50), percentile(bare, 50)];
  return `${ours.toFixed(1)} / ${theirs.toFixed(1)} = ${(ours / theirs).toFixed(1)}`;
};

async function inTurns(rounds: number, governed: (n: number) => Promise<unknown>, bare: (n: number) => Promise<unknown>): Promise<string> {
  const figures = { governed: [] as number[], bare: [] as number[] };
  for (let n = -3; n < rounds; n++) {
    const [ours, theirs] = [await timed(() => governed(n + 4)), await timed(() => bare(n + 4))];
    if (n < 0) continue;
    figures.governed.push(ours);
    figures.bare.push(theirs);
  }
  return ratio(figures.governed, figures.bare);
}

async function measure(place: BenchPlace, size: number): Promise<string> {
  const { address, login } = place.target;
  const body: TestInput & { name: string } = {
    dbType: place.id,
    mode: 'guided',
    name: `${place.id} ${size}`,
    address: address as TestInput['address'],
    ...(login ? { credentials: { readOnly: login }, acknowledge: [{ code: 'tls.disabled', reason: 'loopback' }] } : {}),
  } as TestInput & { name: string };
  const test = await inTurns(
    10,
    async () => {
      await app.server.built.store.db.deleteFrom('attempts').execute();
      const { ok } = await client.testDbConnection({ body });
      if (!ok) throw new Error('the test did not pass');
    },
    async () => {
      const driver = await place.bare();
      await driver.ask('SELECT 1');
      await driver.close();
    },
  );
  const driver = await place.bare();
  const queries = await timed(async () => {
    for (const sql of place.catalog) await driver.ask(sql);
  });
  const { id } = await client.createDbConnection({ body });
  const reading = await timed(async () => {
    while ((await client.getDbConnection({ params: { id } })).lastReadAt === null) await pause(20);
  });
  const point = await inTurns(
    200,
    (n) => client.runQuery({ params: { id }, body: { sql: place.point, parameters: [n] } }),
    (n) => driver.ask(place.barePoint, [n]),
  );
  await driver.close();
  await client.deleteDbConnection({ params: { id }, body: { confirmName: body.name } });
  return `| ${place.id} | ${size} | ${test} | ${ratio([reading], [queries])} | ${point} |`;
}

try {
  console.log(
    '| engine | tables | test / bare, ms p50 = ratio | read and published / bare catalogue queries, ms = ratio | point query / bare, ms p50 = ratio |',
  );
  console.log('| --- | --- | --- | --- | --- |');
  for (const start of starters(root))
    for (const size of sizes) {
      const place = await start(size);
      try {
        console.log(await measure(place, size));
      } finally {
        await place.stop();
      }
    }
} finally {
  await app.stop();
}
process.exit(0);
