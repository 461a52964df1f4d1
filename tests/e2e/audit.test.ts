import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { gate } from '../support/require.ts';
import { axe, openBrowser, visit } from './browser.ts';

const { skip } = gate('chromium');

describe.skipIf(skip)('the Audit page', () => {
  let browser: Browser;
  let app: TestApp;

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), startApp()]);
    for (let made = 0; made < 60; made++)
      await app.admin.client.createApiKey({ body: { name: `key number ${made}`, scopes: ['schema:read'] } });
    await app.admin.client.inviteMember({ body: { email: 'grace@example.com', role: 'manager' } });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  test('filters in the address, and leafs through what is older', async () => {
    const { page, complaints, close } = await visit(browser, app, '/audit', app.admin);
    const entries = page.getByRole('list', { name: 'Entries' }).getByRole('listitem');
    await entries.first().waitFor();
    expect(await entries.count()).toBe(50);
    await page.getByRole('link', { name: 'Older' }).click();
    await expect.poll(() => entries.count()).toBeLessThan(50);
    expect(page.url()).toContain('cursor=');
    await page.getByRole('link', { name: 'Newest' }).click();
    await expect.poll(() => entries.count()).toBe(50);
    await page.getByLabel('What').selectOption('member');
    await expect.poll(() => entries.count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('action')).toBe('member');
    await page.reload();
    await entries.getByText('Member: invited').waitFor();
    await page.getByLabel('Who').fill('nobody of that name');
    await page.getByRole('heading', { name: 'No entry fits' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show all' }).first().click();
    await expect.poll(() => entries.count()).toBe(50);
    expect(complaints).toEqual([]);
    await close();
  });

  test('finds the entry of a link wherever it is', async () => {
    const { items } = await app.admin.client.listAuditEntries({ query: { action: 'organization' } });
    const first = items.at(-1)?.id ?? '';
    const { page, close } = await visit(browser, app, `/audit?entry=${first}`, app.admin);
    await page.getByRole('list', { name: 'The entry you came for' }).getByText('organization', { exact: false }).first().waitFor();
    await page.locator(`[id="entry-${first}"]`).getByText(first).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('link', { name: 'Go to when it was made' }).click();
    await page.getByRole('list', { name: 'The entry you came for' }).waitFor({ state: 'detached' });
    await page.locator(`[id="entry-${first}"]`).waitFor();
    await close();
  });

  test('asks for the entry that is opened, and says when there is none of a link', async () => {
    const { page, close } = await visit(browser, app, '/audit', app.admin);
    const asked = page.waitForRequest((request) => /\/api\/audit\/[0-9a-f-]{36}$/.test(request.url()));
    await page.getByRole('list', { name: 'Entries' }).getByRole('button').first().click();
    expect((await (await asked).response())?.status()).toBe(200);
    await page.goto('/audit?entry=01929abc-0000-7000-8000-000000000001');
    await page.getByText('There is no such entry').waitFor();
    await close();
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
  ] as const)('shows an entry and verifies all, clean to axe in %s at %i px', async (scheme, width) => {
    const { page, complaints, close } = await visit(browser, app, '/audit', app.admin, { scheme, width });
    await page.getByRole('list', { name: 'Entries' }).getByRole('button').first().click();
    await page.getByText('Fingerprint').or(page.getByText('Done to')).first().waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Every record is as it was written').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('gives all records as a file', async () => {
    const { page, close } = await visit(browser, app, '/audit', app.admin);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
    const lines = Buffer.concat(await (await file.createReadStream()).toArray())
      .toString()
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(60);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    await close();
  });

  test('is not there for a Manager', async () => {
    const manager = await app.join('manager');
    const { page, close } = await visit(browser, app, '/audit', manager);
    await page.getByText('Your role does not show what is on record').waitFor();
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await close();
  });
});
