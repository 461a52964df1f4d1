import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/contract/connections.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { type Login, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { registrationBody } from '../support/registration-body.ts';
import { gate } from '../support/require.ts';
import { axe, openBrowser, type Visit, visit } from './browser.ts';

const skip = gate('chromium').skip || gate('postgres').skip;

describe.skipIf(skip)('a registered database', () => {
  let browser: Browser;
  let server: PostgresServer;
  let app: TestApp;
  let reader: Login;
  let connection: Connection;
  let open: Visit;
  let page: Page;

  beforeAll(async () => {
    [browser, server, app] = await Promise.all([openBrowser(), startPostgres(), startApp()]);
    for (const name of ['shop', 'other']) {
      await server.createDatabase(name);
      await server.sql('create table orders (id int primary key)', name);
      reader = await server.createReadOnlyLogin(name, 'reader', 'first password of it');
    }
    connection = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader, { name: 'Shop' }) });
    open = await visit(browser, app, `/databases/${connection.id}?tab=settings`, app.admin);
    page = open.page;
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await server?.stop();
  });

  test('is renamed without a test', async () => {
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByText('Nothing is changed yet.').waitFor();
    await page.getByLabel('Alias').fill('Web shop');
    await page.getByText('No test is needed for this.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Web shop' }).waitFor();
  });

  test('gets limits of its answers, none higher than usual', async () => {
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByLabel('Rows').fill('10001');
    await page.getByText('A limit is not right yet.').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Rows').fill('250');
    await page.getByLabel('Seconds').fill('2.5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const params = { id: connection.id };
    const limits = { rescanHours: 24, maxRows: 250, maxBytes: null, timeoutMs: 2500 };
    await expect.poll(async () => (await app.admin.client.getDbConnection({ params })).limits).toEqual(limits);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('At most 250 rows, 2.5 s.').waitFor();
    await page.getByRole('link', { name: 'Query' }).click();
    await page.getByLabel('At most').selectOption('250');
    await page.getByRole('link', { name: 'Settings' }).last().click();
  });

  test('goes elsewhere only with its password and a test', async () => {
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByLabel('Database', { exact: true }).fill('other');
    await page.getByText('You changed the database: enter the password again, so that nobody can redirect it.').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('Password').fill(reader.password);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Tested. It is tested once more when it is saved.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText(/127\.0\.0\.1:\d+ \/ other/).waitFor();
  });

  test('gets another credential after it has passed, and keeps the old one when it fails', async () => {
    await page.getByRole('button', { name: 'Replace…' }).click();
    await page.getByLabel('New password').fill('not this one');
    await page.getByRole('button', { name: 'Test and replace' }).click();
    await page.getByRole('dialog').getByRole('alert').first().waitFor();
    await server.sql(`alter role reader password 'second password of it'`);
    await page.getByLabel('New password').fill('second password of it');
    await page.getByRole('button', { name: 'Test and replace' }).click();
    await page.getByText('The new credential has passed its test').waitFor();
  });

  test('is disabled with a reason that others see, and enabled again', async () => {
    await page.getByRole('button', { name: 'Disable…' }).click();
    await page.getByLabel('Reason').fill('Being moved until Friday');
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled: Being moved until Friday').first().waitFor();
    await page.getByRole('button', { name: 'Enable' }).first().click();
    await page.getByRole('button', { name: 'Read again' }).waitFor();
  });

  test('shows its runs with their log', async () => {
    await page.getByRole('link', { name: 'Runs' }).click();
    const run = page.getByRole('button', { name: /Done/ }).last();
    await run.waitFor();
    await run.click();
    await expect.poll(() => page.getByRole('list', { name: 'Log' }).getByRole('listitem').count()).toBeGreaterThan(3);
  });

  test('is deleted only by its alias', async () => {
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await page.getByRole('button', { name: 'Delete…' }).click();
    const remove = page.getByRole('button', { name: 'Delete for good' });
    await page.getByLabel(/^Type the alias/).fill('Shop');
    expect(await remove.isDisabled()).toBe(true);
    await page.getByLabel(/^Type the alias/).fill('Web shop');
    await remove.click();
    await page.getByRole('heading', { name: 'No database yet' }).waitFor();
    expect((await app.admin.client.listDbConnections()).items).toEqual([]);
    expect(open.complaints).toEqual([]);
  });
});
