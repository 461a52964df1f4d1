import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineIds } from '../../src/contract/engines.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { gate } from '../support/require.ts';
import { type WebDatabase, webDatabases } from '../support/web-databases.ts';
import { axe, openBrowser, type Visit, visit } from './browser.ts';

const { skip } = gate('chromium');

describe.skipIf(skip)('in the browser', () => {
  let browser: Browser;
  let app: TestApp;

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), startApp()]);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  test('every kind of database is offered, and none is left out here', async () => {
    expect(webDatabases.map(({ id }) => id)).toEqual([...engineIds]);
    const { page, complaints, close } = await visit(browser, app, '/databases?add=true', app.admin);
    const cards = page.getByRole('list', { name: 'Kinds of database' }).getByRole('button');
    await expect.poll(() => cards.count()).toBe(engineIds.length);
    for (const [at, { label }] of webDatabases.entries()) expect(await cards.nth(at).innerText()).toMatch(new RegExp(`^..\\n+${label}\\n`));
    expect(complaints).toEqual([]);
    await close();
  });

  describe.each(webDatabases)('$label', ({ label, skip: notHere, tried, start }) => {
    let database: WebDatabase;
    let open: Visit;
    let page: Page;

    describe.skipIf(notHere)('', () => {
      beforeAll(async () => {
        const { organization } = await app.admin.client.getMe();
        database = await start(join(app.folder, 'data', 'databases', organization.id));
        open = await visit(browser, app, '/databases?add=true', app.admin);
        page = open.page;
      });
      afterAll(async () => {
        await open?.close();
        await database?.stop();
      });

      test('is added from its card', async () => {
        await page
          .getByRole('button', { name: new RegExp(`^(..)?\\s*${label}\\b`) })
          .first()
          .click();
        for (const [title, value] of Object.entries(database.fields)) await page.getByLabel(title, { exact: true }).fill(value);
        if ('Host' in database.fields) await page.getByText('Not encrypted', { exact: true }).click();
        await page.getByLabel('Alias').fill(`My ${label}`);
        expect(await axe(page)).toEqual([]);
        await page.getByRole('button', { name: 'Test connection' }).click();
        await page.getByText('Tested. It can be saved.').waitFor();
        const stages = await page.getByRole('list', { name: 'Stages of the test' }).getByRole('listitem').allTextContents();
        for (const stage of stages) expect(stage).not.toMatch(/: failed/);
        expect(await page.getByRole('region', { name: 'What this credential can do' }).textContent()).toContain('Cannot write');
        await page.getByRole('button', { name: 'Save' }).click();
        await page
          .getByRole('article', { name: `My ${label}` })
          .getByText('Ready for query')
          .waitFor();
      });

      test('is read, and a statement begun from a table is one that it answers', async () => {
        await page.getByRole('link', { name: `My ${label}`, exact: true }).click();
        await page.getByRole('heading', { level: 1, name: `My ${label}` }).waitFor();
        const here = new URL(page.url());
        await page.goto(`${here.pathname}?tab=schema&table=${encodeURIComponent(database.table)}`);
        await page.locator('#table-name').waitFor();
        expect(await page.locator('#table-name').innerText()).toBe(database.table);
        await page.goto(`${here.pathname}?tab=query&from=${encodeURIComponent(database.table)}`);
        const editor = page.getByRole('textbox', { name: /^SQL for/ });
        await expect.poll(() => editor.innerText(), { timeout: 20_000 }).toContain(database.written);
        await page.getByRole('button', { name: 'Run' }).click();
        await page.getByRole('grid').waitFor();
        const row = (at: number) => page.getByRole('grid').getByRole('row').nth(at).getByRole('gridcell').allInnerTexts();
        expect([await row(1), await row(2)]).toEqual([
          ['1', 'one', 'first'],
          ['2', 'two', 'second'],
        ]);
      });

      test('says what it stops by itself, and what to know of it', async () => {
        await page.getByRole('link', { name: 'Access' }).click();
        const known = page.getByRole('list', { name: `What to know of ${label}` });
        await known.waitFor();
        expect(await known.getByRole('listitem').count()).toBeGreaterThan(3);
        if (tried) {
          await page.getByText('Statement by statement').click();
          const trials = page.getByRole('region', { name: 'Statements that were tried' }).getByRole('row');
          expect(await trials.count()).toBeGreaterThan(20);
          expect(await page.getByRole('row', { name: /^INSERT/ }).textContent()).toContain('Stopped');
        } else await page.getByText(`Not tried yet: no ${label} has been at hand`).waitFor();
        expect(await axe(page)).toEqual([]);
        expect(open.complaints).toEqual([]);
      });
    });
  });
});
