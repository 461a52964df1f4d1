import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../src/contract/connections.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { type Login, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { registrationBody } from '../support/registration-body.ts';
import { gate } from '../support/require.ts';
import { axe, openBrowser, type Visit, visit } from './browser.ts';

const skip = gate('chromium').skip || gate('postgres').skip;
const TRAP = '<img src=x onerror="window.trapped=1">';

/** Puts a statement in place of what the editor holds. */
async function write(page: Page, sql: string): Promise<void> {
  await page.getByRole('textbox', { name: /^SQL for/ }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(sql);
}

const cells = (page: Page, row: number) => page.getByRole('grid').getByRole('row').nth(row).getByRole('gridcell').allInnerTexts();

describe.skipIf(skip)('SQL for a database', () => {
  let browser: Browser;
  let server: PostgresServer;
  let app: TestApp;
  let reader: Login;
  let connection: Connection;
  let open: Visit;
  let page: Page;

  beforeAll(async () => {
    [browser, server, app] = await Promise.all([openBrowser(), startPostgres(), startApp()]);
    await server.createDatabase('shop');
    await server.sql(
      `create table product (id bigint primary key, label text, price numeric(20,2));
       insert into product values (1, null, 9007199254740993.10), (2, '', -1), (3, '${TRAP}', 2.50);
       create table reading (id int primary key, value int);
       insert into reading select n, n * 2 from generate_series(1, 1500) n;`,
      'shop',
    );
    reader = await server.createReadOnlyLogin('shop', 'reader', 'a password to read');
    connection = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader, { name: 'Shop' }) });
    const params = { id: connection.id };
    await vi.waitUntil(async () => (await app.admin.client.getDbConnection({ params })).status === 'ready', {
      timeout: 60_000,
      interval: 200,
    });
    open = await visit(browser, app, `/databases/${connection.id}?tab=query`, app.admin);
    page = open.page;
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await server?.stop();
  });

  test('is run by a key, and its rows are shown as they are', async () => {
    await write(page, 'select id, label, price from product order by id');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('grid').waitFor();
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(expect.arrayContaining(['id\nbigint', 'label\ntext']));
    expect(await cells(page, 1)).toEqual(['1', 'NULL', '9007199254740993.10']);
    expect(await cells(page, 2)).toEqual(['2', '', '-1.00']);
    expect(await cells(page, 3)).toEqual(['3', TRAP, '2.50']);
    expect(await page.evaluate(() => 'trapped' in window)).toBe(false);
  });

  test('leads from the entry of an answer to its record', async () => {
    await page.locator('a[href^="/audit?entry="]').click();
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    await page.getByText('The statement as it was given').waitFor();
    await page.goBack();
    // What was written and answered is still there.
    await page.getByRole('grid').waitFor();
  });

  test('shows the chosen cell whole, moved by keys', async () => {
    await page.getByRole('gridcell').first().click();
    await page.keyboard.press('ArrowRight');
    const detail = page.getByRole('region', { name: 'The chosen cell' });
    await detail.getByText('NULL: no value').waitFor();
    await page.keyboard.press('ArrowDown');
    await detail.getByText('Empty text').waitFor();
    await page.keyboard.press('Control+End');
    await detail.getByText('2.50').waitFor();
  });

  test('gives its rows as a file, in which no text is a formula', async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV of 3' }).click()]);
    const text = await (await file.createReadStream()).toArray();
    expect(Buffer.concat(text).toString()).toBe(
      `id,label,price\r\n1,,9007199254740993.10\r\n2,"",-1.00\r\n3,"${TRAP.replaceAll('"', '""')}",2.50\r\n`,
    );
  });

  test('says which limit cut the answer, and draws only what is seen of it', async () => {
    await write(page, 'select id, value from reading order by id');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText(/^Cut at 1,000 rows/).waitFor();
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('1001');
    expect(await page.getByRole('grid').getByRole('row').count()).toBeLessThan(100);
    await page.getByRole('gridcell').first().click();
    await page.keyboard.press('Control+End');
    await page.getByRole('region', { name: 'The chosen cell' }).getByText('2000').waitFor();
    await page.getByLabel('At most').selectOption('10000');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('1,500 rows').first().waitFor();
  });

  test('is refused with the rule, its place in the text and what would be allowed', async () => {
    await write(page, 'select label,\n  pg_sleep(1)\nfrom product');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    await page.getByRole('button', { name: 'Run' }).click();
    const refusal = page.getByRole('alert');
    await refusal.getByText('function.unlisted').waitFor();
    await refusal.getByText('Line 2, column 3').waitFor();
    await refusal.getByText('What would be allowed').waitFor();
    expect(await page.locator('.cm-lintRange-error').allInnerTexts()).toEqual(['pg_sleep']);
    // All of it came with the one answer, and so did its entry.
    expect(asked.filter((what) => what === 'query' || what === 'check')).toEqual(['query']);
    const { items } = await app.admin.client.listAuditEntries({ query: { action: 'query', limit: 1 } });
    await refusal.getByRole('link', { name: items[0]?.id ?? 'no entry' }).waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test('is checked without being run', async () => {
    const runs = async () => (await app.admin.client.listAuditEntries({ query: { action: 'query.run' } })).items.length;
    const before = await runs();
    await write(page, 'select count(*) from product');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Allowed. It was not run.').waitFor();
    expect(await runs()).toBe(before);
  });

  test('stops in the database when it is cancelled', async () => {
    const endless = 'with recursive n(i) as (select 1 union all select i % 1000 + 1 from n where i > 0) select count(*) from n, product';
    await write(page, endless);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('status').getByText('Running').waitFor();
    const active = () => server.sql(`select 1 from pg_stat_activity where usename = 'reader' and state = 'active'`);
    await expect.poll(async () => (await active()).length, { timeout: 10_000 }).toBe(1);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/^Cancelled after/).waitFor();
    await expect.poll(async () => (await active()).length, { timeout: 10_000 }).toBe(0);
  });

  test('completes what the credential may read', async () => {
    await write(page, 'select p. from product p');
    for (let at = 0; at < ' from product p'.length; at++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: /price/ }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('breaks no rule of the policy', () => expect(open.complaints).toEqual([]));

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
  ] as const)('is clean to axe in %s at %i px', async (scheme, width) => {
    const seen = await visit(browser, app, `/databases/${connection.id}?tab=query`, app.admin, { scheme, width });
    await write(seen.page, 'select * from product');
    await seen.page.keyboard.press('Control+Enter');
    await seen.page.getByRole('gridcell').first().click();
    expect(await axe(seen.page)).toEqual([]);
    expect(await seen.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    expect(seen.complaints).toEqual([]);
    await seen.close();
  });
});
