import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { queryKillRounds } from './support/query-kills.ts';
import { gate } from './support/require.ts';

const { skip } = gate('postgres');

describe.skipIf(skip)('kill -9 under a burst of statements', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  // A few rounds here; `npm run endure` does the long ones.
  test('loses no answered statement from the record, and the end of an interrupted one is unknown', { timeout: 300_000 }, async () => {
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key, note text)', 'shop');
    const login = await server.createReadOnlyLogin('shop', 'reader', 'a password for reading');
    const report = await queryKillRounds(4, { server, database: 'shop', login });
    expect(report).toMatchObject({ missing: [], wrong: [] });
    expect(report.answered).toBeGreaterThan(0);
  });
});
