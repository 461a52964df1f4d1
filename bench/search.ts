import { readFileSync } from 'node:fs';
import { startApp } from '../tests/support/app.ts';
import { startPostgres } from '../tests/support/postgres.ts';
import { registrationBody } from '../tests/support/registration-body.ts';
import { loadGenerated } from '../tests/support/sample-database.ts';
import { percentile, row, timed } from './figures.ts';

/** Search through REST over 1,000 and 10,000 tables: the first question (which builds the index) and 300 more. */
const questions = (
  JSON.parse(readFileSync(new URL('../tests/fixtures/questions.json', import.meta.url), 'utf8')) as { question: string }[]
).map(({ question }) => question);
const server = await startPostgres();
const app = await startApp({ env: { PORTCULLIS_LOG_LEVEL: 'error' } });
try {
  console.log('| tables | first question, ms | p50, ms | p95, ms |\n| --- | --- | --- | --- |');
  for (const tables of [1_000, 10_000]) {
    const database = `generated_${tables}`;
    await loadGenerated(server, database, tables);
    const login = await server.createReadOnlyLogin(database, `reader_${tables}`, 'a password for reading');
    const { id } = await app.admin.client.createDbConnection({ body: registrationBody(server, database, login) });
    while ((await app.admin.client.getDbConnection({ params: { id } })).status !== 'ready')
      await new Promise((resolve) => setTimeout(resolve, 100));
    const ask = (number: number) =>
      app.admin.client.search({
        params: { id },
        body: { question: `${questions[number % questions.length]} area ${number % 10}`, limit: 10 },
      });
    const first = await timed(() => ask(0));
    const figures: number[] = [];
    for (let number = 0; number < 300; number++) figures.push(await timed(() => ask(number)));
    console.log(row(String(tables), first, percentile(figures, 50), percentile(figures, 95)));
  }
} finally {
  await app.stop();
  await server.stop();
}
