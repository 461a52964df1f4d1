import { Client } from 'pg';
import { startApp } from '../tests/support/app.ts';
import { startPostgres } from '../tests/support/postgres.ts';
import { registrationBody } from '../tests/support/registration-body.ts';
import { loadSample } from '../tests/support/sample-database.ts';
import { percentile, row, timed } from './figures.ts';

/** How long the staged test and a registration take, interleaved with a bare driver that connects and asks one question. */
const ROUNDS = 40;
const server = await startPostgres({ fsync: true });
const app = await startApp({ env: { PORTCULLIS_LOG_LEVEL: 'error' } });
try {
  const { database, reader } = await loadSample(server);
  const bare: number[] = [];
  const tested: number[] = [];
  const registered: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await app.server.built.store.db.deleteFrom('attempts').execute();
    bare.push(
      await timed(async () => {
        const client = new Client({
          host: server.host,
          port: server.port,
          database,
          user: reader.username,
          password: reader.password,
          ssl: false,
        });
        await client.connect();
        await client.query('select 1');
        await client.end();
      }),
    );
    let receipt: string | undefined;
    const body = registrationBody(server, database, reader);
    tested.push(
      await timed(async () => {
        ({ receipt } = await app.admin.client.testDbConnection({ body }));
      }),
    );
    if (!receipt) throw new Error('the test did not pass');
    let id = '';
    registered.push(
      await timed(async () => {
        ({ id } = await app.admin.client.createDbConnection({ body: { ...body, receipt } }));
      }),
    );
    // The reading that the registration started must not run beside the next round's figures.
    while ((await app.admin.client.getDbConnection({ params: { id } })).status !== 'ready')
      await new Promise((resolve) => setTimeout(resolve, 20));
    await app.admin.client.deleteDbConnection({ params: { id }, body: { confirmName: body.name } });
  }
  const show = (name: string, figures: number[]): string =>
    row(name, percentile(figures, 50), percentile(figures, 95), percentile(figures, 50) / percentile(bare, 50));
  console.log('| milliseconds, sample schema (96 tables) | p50 | p95 | p50 ÷ bare |\n| --- | --- | --- | --- |');
  console.log(show('bare driver: connect, sign in, one select, close', bare));
  console.log(show('POST …/test: all twelve stages', tested));
  console.log(show('POST /api/db-connections with the receipt: one durable transaction', registered));
} finally {
  await app.stop();
  await server.stop();
}
