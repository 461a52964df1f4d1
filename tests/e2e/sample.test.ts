import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { gate } from '../support/require.ts';
import { axe, openBrowser, visit } from './browser.ts';

const { skip } = gate('chromium');

describe.skipIf(skip)('a newcomer without a database', () => {
  let browser: Browser;
  let app: TestApp;

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), startApp()]);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  test('gets the sample in one click, asks it, and runs what a found table begins', async () => {
    const { page, complaints, close } = await visit(browser, app, '/databases', app.admin);
    await page.getByRole('button', { name: 'Try the sample database' }).click();
    await page.getByText('Ready for query').first().waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Ask', exact: true }).last().click();
    await page.getByRole('textbox').fill('what did customers order');
    await page.getByRole('button', { name: 'Find the tables' }).click();
    await page
      .getByRole('link', { name: /^Write a query/ })
      .first()
      .click();
    await page
      .getByRole('textbox', { name: /^SQL for/ })
      .getByText('SELECT')
      .waitFor();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('grid').getByRole('gridcell').first().waitFor();
    expect(await axe(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);
});
