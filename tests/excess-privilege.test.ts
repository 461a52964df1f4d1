import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ProblemError } from '../src/contract/client.ts';
import { startApp, type TestApp, type TestPerson } from './support/app.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

describe.skipIf(gate('postgres').skip)('a credential that is a superuser', () => {
  let server: PostgresServer;
  let app: TestApp;
  let agent: TestPerson;
  let manager: TestPerson;
  let id: string;

  beforeAll(async () => {
    [server, app] = await Promise.all([startPostgres(), startApp()]);
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key)', 'shop');
    [agent, manager] = [await app.join('user', ['query:read']), await app.join('manager')];
    const body = registrationBody(server, 'shop', server.superuser, { visibility: 'organization' as const });
    ({ id } = await app.admin.client.createDbConnection({ body }));
    const ready = async () => (await app.admin.client.getDbConnection({ params: { id } })).status === 'ready';
    await vi.waitUntil(ready, { timeout: 60_000, interval: 100 });
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: ProblemError) => error.problem.code,
    );
  const ask = (person: TestPerson) => codeOf(person.client.runQuery({ params: { id }, body: { sql: 'select id from orders' } }));
  const acknowledge = [{ code: 'privilege.excess' as const, reason: 'there is no other login yet' }];

  test('is closed to keys of programs until an Admin has acknowledged it', async () => {
    expect(await ask(agent)).toBe('acknowledgement.required');
    expect(await codeOf(agent.client.checkQuery({ params: { id }, body: { sql: 'select 1' } }))).toBe('acknowledgement.required');
    expect(await ask(app.admin)).toBe('done');
    expect(await codeOf(manager.client.editDbConnection({ params: { id }, body: { acknowledge } }))).not.toBe('done');
    const tls = [{ code: 'tls.disabled' as const, reason: 'not of an address' }];
    expect(await codeOf(app.admin.client.editDbConnection({ params: { id }, body: { acknowledge: tls } }))).toBe('request.invalid');
    expect(await ask(agent)).toBe('acknowledgement.required');
    const edited = await app.admin.client.editDbConnection({ params: { id }, body: { acknowledge } });
    expect(edited.acknowledged).toContainEqual(expect.objectContaining({ code: 'privilege.excess', by: 'Ada' }));
    expect(await ask(agent)).toBe('done');
    const { items } = await app.admin.client.listAuditEntries({ query: { action: 'connection.edited' } });
    expect(JSON.stringify(items)).toContain('there is no other login yet');
  });
});
