import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/server/platform/clock.ts';
import { addOrganization } from './support/access-rows.ts';
import { startApp, type TestApp } from './support/app.ts';
import { refusal } from './support/refusal.ts';

describe('an entry of the record', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app?.stop());
  const newest = async () => {
    const [entry] = (await app.admin.client.listAuditEntries({ query: { limit: 1 } })).items;
    return { entry, params: { id: entry?.id ?? '' } };
  };

  test('is what the list says of it, for whoever may list', async () => {
    const { entry, params } = await newest();
    expect(await app.admin.client.getAuditEntry({ params })).toEqual(entry);
    const auditor = await app.join('admin', ['audit:read']);
    expect(await auditor.client.getAuditEntry({ params })).toEqual(entry);
    for (const other of [await app.join('admin', ['query:read']), await app.join('manager')])
      expect(await refusal(other.client.getAuditEntry({ params }))).toMatchObject({ code: 'caller.forbidden' });
  });

  test('is unknown where it is another organisation’s, and where there is none', async () => {
    const { params } = await newest();
    const { db } = app.server.built.store;
    const row = await db.selectFrom('records').selectAll().where('id', '=', params.id).executeTakeFirstOrThrow();
    const foreign = { ...row, id: newId(), chain: newId(), organization_id: (await addOrganization(app)).organizationId };
    await db.insertInto('records').values(foreign).execute();
    for (const id of [foreign.id, newId()])
      expect(await refusal(app.admin.client.getAuditEntry({ params: { id } }))).toMatchObject({ code: 'entry.unknown' });
  });
});
