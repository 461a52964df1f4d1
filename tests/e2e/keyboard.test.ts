import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { gate } from '../support/require.ts';
import { loadSample, type SampleDatabase } from '../support/sample-database.ts';
import { focusedField, openBrowser, visit } from './browser.ts';

const skip = gate('chromium').skip || gate('postgres').skip;

/** Presses Tab until the focus is on what is named so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      const label = element?.labels?.[0]?.textContent ?? '';
      return element?.getAttribute('aria-label') ?? (label || (element?.textContent ?? ''));
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`Tab never came to ${name}`);
}

describe.skipIf(skip)('without a mouse', () => {
  let browser: Browser;
  let server: PostgresServer;
  let sample: SampleDatabase;
  let app: TestApp;

  beforeAll(async () => {
    [browser, server, app] = await Promise.all([openBrowser(), startPostgres(), startApp()]);
    sample = await loadSample(server);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await server?.stop();
  });

  test('a database is added, read and searched', async () => {
    const { page, complaints, close } = await visit(browser, app, '/', app.admin);
    const { keyboard } = page;
    await page.getByRole('heading', { name: 'Next steps' }).waitFor();
    // The palette leads to the action.
    await keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await keyboard.type('add');
    await page.getByRole('option', { name: 'Add a database' }).waitFor();
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Add a database' }).waitFor();
    await page.getByRole('button', { name: /^PostgreSQL/ }).waitFor();
    await tabTo(page, /^(Pg)?PostgreSQL/);
    await keyboard.press('Enter');
    await expect.poll(() => focusedField(page)).toBe('address.host');
    await keyboard.type('127.0.0.1');
    await tabTo(page, /^Port/);
    await keyboard.press('Control+a');
    await keyboard.type(String(server.port));
    await tabTo(page, /^Database/);
    await keyboard.type(sample.database);
    await tabTo(page, /^Verify certificate/);
    for (let step = 0; step < 3; step++) await keyboard.press('ArrowDown');
    await tabTo(page, /^Username/);
    await keyboard.type(sample.reader.username);
    await tabTo(page, /^Password/);
    await keyboard.type(sample.reader.password);
    await tabTo(page, /^Alias/);
    await keyboard.type('By keyboard');
    await tabTo(page, /^Test connection/);
    await keyboard.press('Enter');
    await page.getByText('Tested. It can be saved.').waitFor();
    await tabTo(page, /^Save/);
    await keyboard.press('Enter');
    const card = page.getByRole('article', { name: 'By keyboard' });
    await card.getByText('Ready for query').waitFor();
    // The new card has the focus: Enter opens it, and the tree answers to arrows.
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'By keyboard' }).waitFor();
    await tabTo(page, /^Schema$/);
    await keyboard.press('Enter');
    await page.getByRole('tree').waitFor();
    await tabTo(page, /^Tables by schema/);
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.locator('#table-name').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('a menu opens, walks by arrows, closes by Escape and gives the focus back', async () => {
    const { page, close } = await visit(browser, app, '/', app.admin);
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    await tabTo(page, /^AAccount of/);
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Settings' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent ?? '')).toContain('Account of');
    await close();
  });
});
