import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { gate } from '../support/require.ts';
import { axe, focusedField, openBrowser, type Visit, visit } from './browser.ts';

const { skip } = gate('chromium');

describe.skipIf(skip)('whoever comes for the first time', () => {
  let browser: Browser;
  let app: TestApp;
  let open: Visit;

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0.01' } })]);
    open = await visit(browser, app, '/', app.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  test('finds the focus in the first field of a door', async () => {
    const { page, close } = await visit(browser, app, '/sign-in', null);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expect.poll(() => focusedField(page)).toBe('email');
    await close();
  });

  test('is offered the sample among the next steps, and sees it read without asking again', async () => {
    const { page } = open;
    await page.getByRole('heading', { name: 'Next steps' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Try the sample database' }).click();
    await page.getByText('What changed').waitFor();
    await page.getByText(/^The first reading: \d+ tables/).waitFor();
  });

  test('is told nothing of a login where there is none', async () => {
    const { page } = open;
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await page.getByRole('button', { name: 'Edit…' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Credential' }).count()).toBe(0);
    expect(await page.getByText('Signs in as').count()).toBe(0);
  });

  test('is told that the database does not answer any more, and what can be done', async () => {
    const { page } = open;
    const { organization } = await app.admin.client.getMe();
    await page.getByText('Ready for query').waitFor();
    rmSync(join(app.folder, 'data', 'databases', organization.id, 'portcullis-sample.db'));
    const state = async () => (await app.admin.client.listDbConnections()).items[0]?.health.state;
    await expect.poll(state, { timeout: 60_000 }).toBe('unreachable');
    await page.reload();
    await page.getByText('Nothing can be read or asked until it answers').waitFor();
    expect(await page.getByText('Ready for query').count()).toBe(0);
    await page.getByText('Schema read', { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Test or edit…' }).click();
    await page.getByRole('button', { name: 'Test what is stored' }).waitFor();
    expect(open.complaints).toEqual([]);
  });

  test('begins with the kinds of database however late they come, and goes on to the first field', async () => {
    const { page, close } = await visit(browser, app, '/settings', app.admin);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/api/engines', (route) => held.then(() => route.continue()));
    await page.goto('/databases?add=true');
    const dialog = page.getByRole('dialog', { name: 'Add a database' });
    await dialog.getByRole('status', { name: 'Loading the kinds of database' }).waitFor();
    await expect.poll(() => dialog.evaluate((element) => element === document.activeElement)).toBe(true);
    release();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/PostgreSQL/);
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedField(page)).toBe('address.host');
    await page.getByRole('button', { name: /^Change the kind/ }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/PostgreSQL/);
    await close();
  });

  test('is asked why a wire to elsewhere may be in the clear, before anything is sent', async () => {
    const { page, close } = await visit(browser, app, '/databases?add=true', app.admin);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    await page.getByRole('button', { name: /^PostgreSQL/ }).click();
    await page.getByLabel('Host', { exact: true }).fill('db.example.com');
    await page.getByLabel('Database', { exact: true }).fill('sales');
    await page.getByLabel('Username').fill('reader');
    await page.getByLabel('Password', { exact: true }).fill('a password');
    await page.getByText('Not encrypted', { exact: true }).click();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText(/^Enter why it may be in the clear/).waitFor();
    await expect.poll(() => focusedField(page)).toBe('acknowledge');
    expect(sent.filter((url) => url.includes('/api/') && url.includes('test'))).toEqual([]);
    await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
    await page.getByText('Why it may be in the clear').getByText('optional').waitFor();
    await close();
  });
});
