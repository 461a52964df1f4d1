import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../src/contract/client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type OracleDouble, startOracleDouble } from './support/oracle-double.ts';
import { paperAnswer } from './support/oracle-paper.ts';
import { ora } from './support/oracle-values.ts';

const password = 'tiger of a password';

/** Oracle through the whole application: the double is all that is not real. */
describe('a database of Oracle', () => {
  let app: TestApp;
  let double: OracleDouble;
  let id: string;
  const body = (over: object = {}) => ({
    dbType: 'oracle' as const,
    name: 'Ships',
    address: { host: '127.0.0.1', port: double.port, service: 'FREEPDB1', tls: { mode: 'disable' as const }, ssh: null },
    credentials: { readOnly: { username: 'reader', password } },
    acknowledge: [{ code: 'tls.disabled' as const, reason: 'a test on loopback' }],
    ...over,
  });

  beforeAll(async () => {
    const names = { cols: [{ name: 'NAME', type: ora.VARCHAR, size: 100 }], rows: [['Amundsen'], ['Nansen']] };
    double = await startOracleDouble({ users: { reader: password }, answer: paperAnswer([[/^SELECT .*FROM "APP"\."CREW"/i, names]]) });
    app = await startApp();
  });
  afterAll(async () => {
    await app?.stop();
    await double?.close();
  });

  test('is described, tested, registered, read and asked', async () => {
    const { client } = app.admin;
    const made = await client.createDbConnection({ body: body() });
    id = made.id;
    await vi.waitFor(async () => expect((await client.getDbConnection({ params: { id } })).status).toBe('ready'), {
      timeout: 30_000,
      interval: 100,
    });
    const answer = await client.runQuery({ params: { id }, body: { sql: 'select name from crew' } });
    expect(answer).toMatchObject({ rows: [['Amundsen'], ['Nansen']], truncated: false, columns: [{ name: 'NAME', type: 'VARCHAR2' }] });
    // What the guard sent, and not what came in.
    expect(double.ran.some((sql) => /FROM "APP"\."CREW"/i.test(sql))).toBe(true);
    const before = double.ran.length;
    for (const sql of [
      'delete from crew',
      'select app_pkg.purge_all from dual',
      'select name from crew for update',
      'select * from sys.user$',
    ])
      await expect(client.runQuery({ params: { id }, body: { sql } })).rejects.toBeInstanceOf(ProblemError);
    expect(double.ran.slice(before).filter((sql) => /purge|user\$|DELETE|CREW/i.test(sql))).toEqual([]);
    const tested = await client.testStoredDbConnection({ params: { id } });
    expect(tested.stages.map(({ stage, status }) => `${stage} ${status}`)).toEqual([
      'parse passed',
      'dns passed',
      'network passed',
      'tcp passed',
      'tunnel skipped',
      'tls warning',
      'auth passed',
      'database passed',
      'version passed',
      'read passed',
      'privilege passed',
      'catalog passed',
    ]);
    expect(tested).toMatchObject({ ok: true, server: { dialect: 'oracle', identity: 'FREE/example.com/FREEPDB1' } });
  });
  test('with a wrong password is told so, and the password is nowhere', async () => {
    const failed = await app.admin.client
      .createDbConnection({ body: body({ name: 'Other', credentials: { readOnly: { username: 'reader', password: `${password}!` } } }) })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ problem: { code: 'credential.rejected', stage: 'auth' } });
    expect(app.logged()).not.toContain(password);
  });
  test('leaves no connection behind', async () => {
    await app.stop();
    await expect.poll(() => double.open(), { timeout: 5000 }).toBe(0);
    app = await startApp();
  });
});
