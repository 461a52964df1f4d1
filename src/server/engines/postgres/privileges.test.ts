import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inside } from '../../../../tests/support/open-postgres.ts';
import { type Login, type PostgresServer, startPostgres } from '../../../../tests/support/postgres.ts';
import { gate } from '../../../../tests/support/require.ts';
import { loadSample, type SampleDatabase } from '../../../../tests/support/sample-database.ts';
import { postgres } from './postgres.ts';
import { toldExcess } from './privilege-excess.ts';
import { leastPrivilegeScript } from './privilege-script.ts';

const password = 'a password of a test';

it('a server that names without end cannot make a report without end', () => {
  const schemas = Array.from({ length: 5000 }, (_, i) => [`${i}${'\u202e'.repeat(60)}`, JSON.stringify(Array(500).fill('x'.repeat(60)))]);
  const script = leastPrivilegeScript('shop', schemas);
  expect(script.length).toBeLessThan(25_000);
  expect(script).toMatch(/-- 49\d\d more schemas are left out here/);
  const excess = toldExcess(Array.from({ length: 5000 }, (_, i) => ({ what: 'x'.repeat(9000), cause: '', severe: i === 4999 })));
  expect(JSON.stringify(excess).length).toBeLessThan(30_000);
  expect(excess[0]?.severe).toBe(true);
});

describe.skipIf(gate('postgres').skip)('what a credential could do', () => {
  let server: PostgresServer;
  let sample: SampleDatabase;

  const report = (login: Login) =>
    inside({ port: server.port, database: sample.database, ...login }, (session) => postgres.privileges(session, login));
  const tables = async () =>
    JSON.stringify(
      await server.sql('SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY 1', sample.database),
    );
  /** A login that may read all, and what `sql` gives it besides (the role's name as :role). */
  async function reader(name: string, sql: string): Promise<Login> {
    const login = await server.createReadOnlyLogin(sample.database, name, password);
    await server.sql(sql.replaceAll(':role', name), sample.database);
    return login;
  }

  beforeAll(async () => {
    server = await startPostgres();
    sample = await loadSample(server);
    // The default of PostgreSQL 15 and later, wherever this runs.
    await server.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC', sample.database);
  }, 120_000);
  afterAll(() => server?.stop());

  it('a reader: nothing but reading, proved', async () => {
    const before = await tables();
    const found = await report(sample.reader);
    expect(found).toMatchObject({
      grade: 'read_only',
      summary: expect.stringMatching(/^Cannot write\. \d+ tables readable\.$/),
      writable: 0,
      excess: [],
    });
    expect(found.readable).toBe(found.relations);
    expect(found.proof.length).toBeGreaterThan(0);
    for (const line of found.proof) expect(line).toMatch(/^LOCK TABLE .*refused: SQLSTATE 42501$/);
    expect(await tables()).toBe(before);
  });

  it('a writer: every table, with names and the grant', async () => {
    const before = await tables();
    const found = await report(sample.writer);
    expect(found.grade).toBe('writes');
    expect(found.writable).toBeGreaterThan(60);
    expect(found.writable).toBeLessThanOrEqual(found.relations);
    expect(found.summary).toMatch(/^Can write \d+ tables\./);
    expect(found.excess[0]).toMatchObject({
      what: expect.stringMatching(/^INSERT, UPDATE, DELETE: /),
      cause: 'Granted to this login',
      severe: false,
    });
    expect(found.excess.map((one) => one.what).join()).toMatch(/Write \d+ more tables.*Move the sequences/s);
    expect(found.proof.join()).toContain('granted, so a right to write is there');
    expect(await tables()).toBe(before);
  });

  it('a superuser: severe, and short', async () => {
    const found = await report(server.superuser);
    expect(found).toMatchObject({
      grade: 'severe',
      summary: expect.stringMatching(/^Superuser/),
      excess: [{ cause: 'The role is SUPERUSER', severe: true }],
    });
    expect(found.writable).toBeGreaterThan(60);
  });

  it.each<[string, string, string, { what: RegExp; cause: RegExp; severe: boolean }]>([
    [
      'a column',
      'GRANT UPDATE (legal_name) ON sales.customer TO :role',
      'writes',
      { what: /^UPDATE: sales\.customer \(columns legal_name\)$/, cause: /^Granted to this login$/, severe: false },
    ],
    [
      'PUBLIC',
      'GRANT DELETE ON finance.invoice TO PUBLIC',
      'writes',
      { what: /^DELETE: finance\.invoice$/, cause: /^Granted to PUBLIC$/, severe: false },
    ],
    [
      'a role',
      'CREATE ROLE app_rw; GRANT INSERT ON hr.employee TO app_rw; GRANT app_rw TO :role',
      'writes',
      { what: /^INSERT: hr\.employee$/, cause: /^It is a member of the role app_rw$/, severe: false },
    ],
    [
      'a role by SET ROLE',
      'CREATE ROLE hidden_rw; GRANT TRUNCATE ON hr.employee TO hidden_rw; GRANT hidden_rw TO :role; ALTER ROLE :role NOINHERIT',
      'writes',
      { what: /^TRUNCATE: hr\.employee$/, cause: /^It can take on the role hidden_rw \(SET ROLE\)$/, severe: false },
    ],
    [
      'ownership',
      'CREATE TABLE public.mine (id int); ALTER TABLE public.mine OWNER TO :role',
      'writes',
      { what: /^Write, alter and drop: public\.mine$/, cause: /^It owns them$/, severe: false },
    ],
    [
      'every table',
      'GRANT pg_write_all_data TO :role',
      'writes',
      { what: /^Write every table$/, cause: /pg_write_all_data/, severe: false },
    ],
    [
      'a partition alone',
      'GRANT INSERT ON sales.sales_order_2024 TO :role',
      'writes',
      { what: /^INSERT: sales\.sales_order_2024$/, cause: /^Granted to this login$/, severe: false },
    ],
    [
      'a sequence',
      'GRANT USAGE ON SEQUENCE sales.contact_person_contact_person_id_seq TO :role',
      'writes',
      { what: /Move the sequences sales\.contact_person/, cause: /USAGE/, severe: false },
    ],
    [
      'a schema',
      'GRANT CREATE ON SCHEMA sales TO :role',
      'writes',
      { what: /Create objects in the schemas sales$/, cause: /CREATE/, severe: false },
    ],
    [
      'the database',
      'GRANT CREATE ON DATABASE sample TO :role',
      'writes',
      { what: /Create schemas in this database/, cause: /CREATE/, severe: false },
    ],
    [
      'a definer',
      "CREATE FUNCTION sales.wipe() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
      'writes',
      { what: /rights of their owners: sales\.wipe$/, cause: /SECURITY DEFINER/, severe: false },
    ],
    ['bypassing rows', 'ALTER ROLE :role BYPASSRLS', 'writes', { what: /row-level security/, cause: /BYPASSRLS/, severe: false }],
    ['creating databases', 'ALTER ROLE :role CREATEDB', 'writes', { what: /Create databases/, cause: /CREATEDB/, severe: false }],
    ['creating roles', 'ALTER ROLE :role CREATEROLE', 'severe', { what: /Create roles/, cause: /CREATEROLE/, severe: true }],
    ['replication', 'ALTER ROLE :role REPLICATION', 'severe', { what: /replication/, cause: /REPLICATION/, severe: true }],
    [
      'programs',
      'GRANT pg_execute_server_program TO :role',
      'severe',
      { what: /Run programs/, cause: /pg_execute_server_program/, severe: true },
    ],
    [
      'files',
      'GRANT EXECUTE ON FUNCTION pg_read_file(text) TO :role',
      'severe',
      { what: /files of the database server: pg_read_file/, cause: /EXECUTE/, severe: true },
    ],
    [
      'a superuser by SET ROLE',
      'CREATE ROLE boss SUPERUSER; GRANT boss TO :role',
      'severe',
      { what: /Everything on the server/, cause: /boss, which is SUPERUSER/, severe: true },
    ],
  ])('by %s', async (title, sql, grade, excess) => {
    const name = `r_${title.replace(/\W/g, '_').toLowerCase()}`;
    const found = await report(await reader(name, sql));
    await server.sql('REVOKE ALL ON finance.invoice FROM PUBLIC; DROP FUNCTION IF EXISTS sales.wipe()', sample.database);
    expect(found.grade).toBe(grade);
    expect(found.excess).toContainEqual({
      what: expect.stringMatching(excess.what),
      cause: expect.stringMatching(excess.cause),
      severe: excess.severe,
    });
    expect(found.writable > 0).toBe(/table|column|PUBLIC|role|ownership|partition|superuser/.test(title) && title !== 'creating roles');
  });

  it('counts what cannot be read, and grants on schemas that cannot be entered do not help', async () => {
    await server.sql(
      `CREATE ROLE half LOGIN PASSWORD '${password}'; GRANT CONNECT ON DATABASE sample TO half; GRANT USAGE ON SCHEMA hr TO half; GRANT SELECT ON hr.employee, sales.customer TO half; GRANT SELECT (name) ON hr.department TO half`,
      sample.database,
    );
    const found = await report({ username: 'half', password });
    expect(found).toMatchObject({
      grade: 'read_only',
      readable: 2,
      summary: expect.stringMatching(/^Cannot write\. 2 of \d+ tables readable\.$/),
    });
  });

  it('gives a script that makes a login which is graded read only', async () => {
    const { script } = await report(server.superuser);
    expect(script).toContain('GRANT USAGE ON SCHEMA "Odd ""Things"""');
    await server.sql(script.replace('<choose a password>', password).replaceAll('"portcullis_reader"', 'made_by_script'), sample.database);
    const found = await report({ username: 'made_by_script', password });
    expect(found).toMatchObject({ grade: 'read_only', excess: [] });
    expect(found.readable).toBe(found.relations);
    await server.sql('CREATE TABLE hr.later (id int)', sample.database);
    expect((await report({ username: 'made_by_script', password })).readable).toBe(found.readable + 1);
    await server.sql('DROP TABLE hr.later', sample.database);
  });

  it('never evaluates what whoever made a table wrote, as a reader or a superuser', async () => {
    await server.createDatabase('trapped');
    const trap = `${server.folder}/sprung`;
    const body = (text: string) =>
      `CREATE OR REPLACE FUNCTION public.f(int) RETURNS bool IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN ${text} RETURN true; END $$;`;
    await server.sql(
      `${body('')} CREATE TABLE public.trap (id int); CREATE INDEX ON public.trap (id) WHERE public.f(1);
       CREATE FUNCTION public.g() RETURNS void LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO PROGRAM 'cat > ${trap}'; END $$;
       ${body('PERFORM public.g();')} CREATE ROLE trapped LOGIN PASSWORD '${password}'; GRANT CONNECT ON DATABASE trapped TO trapped; GRANT SELECT, UPDATE ON public.trap TO trapped`,
      'trapped',
    );
    for (const login of [{ username: 'trapped', password }, server.superuser]) {
      await inside({ port: server.port, database: 'trapped', ...login }, async (session) => {
        expect(await postgres.read(session)).toContain('the right to read a table is there');
        expect((await postgres.privileges(session, login)).proof.join()).toMatch(/granted, so|the catalogue alone was asked/);
        await postgres.catalog(session);
        for await (const _ of postgres.facts(session, new AbortController().signal));
      });
    }
    expect(existsSync(trap)).toBe(false);
  });

  it('finds no writable session where the login is read-only by itself too', async () => {
    await server.sql('ALTER ROLE app_writer SET default_transaction_read_only = on', sample.database);
    await inside({ port: server.port, database: sample.database, ...sample.writer }, async (session) => {
      expect(await postgres.read(session)).toMatch(/25006/);
      await expect(session.run('DELETE FROM sales.customer')).rejects.toMatchObject({ code: '25006' });
    });
  });
});
