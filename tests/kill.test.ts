import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killRounds } from './support/kill-rounds.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';
import { loadSample } from './support/sample-database.ts';

const { skip } = gate('postgres');

describe.skipIf(skip)('kill -9', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  // A few rounds here; `npm run endure` does the long ones.
  test('at random moments of registration and reading loses nothing acknowledged and leaves nothing half done', {
    timeout: 120_000,
  }, async () => {
    const { database, reader } = await loadSample(server);
    const rows = await server.sql(
      "select count(*)::int as n from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r','p','v','m','f') and not c.relispartition and n.nspname not in ('pg_catalog','information_schema') and n.nspname !~ '^pg_' and not exists (select 1 from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')",
      database,
    );
    const report = await killRounds(5, { server, database, login: reader, tables: Number(rows[0]?.n) });
    expect(report).toMatchObject({ lost: [], unfinished: [], wrong: [] });
    expect(report.acknowledged).toBeGreaterThan(0);
  });
});
