import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { gate } from '../support/require.ts';
import { loadSample, type SampleDatabase } from '../support/sample-database.ts';
import { axe, fillConnection, focusedField, openBrowser, type Visit, visit } from './browser.ts';

const skip = gate('chromium').skip || gate('postgres').skip;
const person = {
  organization: 'Analytical Engines',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  password: 'correct horse battery staple',
};

describe.skipIf(skip)('a database, from the first run to an answer', () => {
  let browser: Browser;
  let server: PostgresServer;
  let sample: SampleDatabase;
  let app: TestApp;
  let first: Visit;
  const typed = () => ({ port: server.port, database: sample.database, ...sample.reader });

  beforeAll(async () => {
    [browser, server] = await Promise.all([openBrowser(), startPostgres()]);
    sample = await loadSample(server);
    app = await startApp({ setup: false });
    first = await visit(browser, app, '/databases', null);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await server?.stop();
  });

  test('the first run makes the organisation and its Admin, and signs them in', async () => {
    const { page } = first;
    await page.getByRole('heading', { name: 'Set up Portcullis' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Organisation').fill(person.organization);
    await page.getByLabel('Your name').fill(person.name);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Create the organisation' }).click();
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    expect(await page.getByRole('banner').textContent()).toContain(person.organization);
  });

  test('a failed test explains itself, moves to the field, and nothing can be saved', async () => {
    const { page } = first;
    await page.getByRole('link', { name: 'Databases' }).click();
    await fillConnection(page, { ...typed(), password: 'not the password' });
    const save = page.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    await page.getByText('Test the connection first.').waitFor();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('What to try').waitFor();
    await expect.poll(() => focusedField(page)).toMatch(/^credentials\.readOnly\./);
    await page.getByText('Technical detail').click();
    expect(await page.getByRole('list', { name: 'Stages of the test' }).textContent()).toContain('28P01');
    expect(await save.isDisabled()).toBe(true);
    expect((await page.content()).includes('not the password')).toBe(false);
  });

  test('after it is mended the stages pass one by one, and a change makes the test worthless', async () => {
    const { page } = first;
    await page.getByLabel('Password').fill(sample.reader.password);
    await page.getByText('You changed the password: test again.').first().waitFor();
    await page.getByRole('button', { name: 'Test again' }).click();
    await page.getByText('Give it an alias first.').waitFor();
    const stages = await page.getByRole('list', { name: 'Stages of the test' }).getByRole('listitem').allTextContents();
    expect(stages).toHaveLength(11);
    for (const stage of stages) expect(stage).toMatch(/: passed.*\d+ ms$/s);
    expect(await page.getByRole('region', { name: 'What this credential can do' }).textContent()).toContain('Cannot write');
    await page.getByLabel('Alias').fill('Production Sales DB');
    await page.getByLabel('Port', { exact: true }).fill('1');
    await page.getByText('You changed the port: test again.').first().waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('Port', { exact: true }).fill(String(server.port));
    await page.getByText('Tested. It can be saved.').waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test('closing with changes asks, and going on keeps them', async () => {
    const { page } = first;
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog', { name: 'Close without saving?' }).waitFor();
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Alias').inputValue()).toBe('Production Sales DB');
  });

  test('once saved its card is read to the end, and has the focus', async () => {
    const { page } = first;
    await page.getByText('Limits of its answers').click();
    await page.getByLabel('Rows').fill('0');
    await page.getByText('A limit is not right yet.').waitFor();
    await page.getByLabel('Rows').fill('5000');
    await page.getByRole('button', { name: 'Save' }).click();
    const card = page.getByRole('article', { name: 'Production Sales DB' });
    await card.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Production Sales DB');
    await card.getByText('Ready for query').waitFor();
    expect(await card.textContent()).toMatch(/\d+ tables · read/);
    const { limits } = (await page.evaluate(async () => (await fetch('/api/db-connections')).json())).items[0];
    expect(limits.maxRows).toBe(5000);
  });

  test('a question in words finds the table, says why, and leads to its columns', async () => {
    const { page } = first;
    await page.getByRole('link', { name: /^Ask it something/ }).click();
    await page.getByLabel('Your question to Production Sales DB').fill('salary of the staff over time');
    await page.keyboard.press('Enter');
    await page.getByText(/\d+ tables? found/).waitFor();
    const found = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'hr.cmp_hist', exact: true }) });
    expect(await found.textContent()).toContain('in a comment');
    await found.getByRole('link', { name: 'hr.cmp_hist', exact: true }).click();
    await page.getByRole('heading', { name: 'hr.cmp_hist' }).waitFor();
    expect(await page.getByRole('region', { name: 'Columns' }).getByRole('row').count()).toBeGreaterThan(3);
    expect(new URL(page.url()).search).toContain('table=hr.cmp_hist');
  });

  test('a name that would turn or hide text is shown as what it is', async () => {
    const { page } = first;
    await page.getByLabel('Search tables').fill('onerror');
    await page.getByRole('treeitem').getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });

  test('a pasted string fills the fields and never leaves the browser', async () => {
    const { page } = first;
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await page.goto('/databases?add=true');
    await page.getByRole('button', { name: /^PostgreSQL/ }).click();
    await page.getByRole('tab', { name: /^Connection string/ }).click();
    await page
      .getByRole('textbox', { name: 'Connection string' })
      .fill(`postgresql://reader:s3cret@127.0.0.1:${server.port}/sample?sslmode=disable&passfile=/etc/passwd`);
    expect(await page.getByRole('row', { name: /passfile/ }).textContent()).toContain('Blocked');
    expect(await page.getByLabel('Host', { exact: true }).inputValue()).toBe('127.0.0.1');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('What to try').waitFor();
    expect(sent.join('\n')).not.toContain('passfile');
    expect(sent.join('\n')).toContain('"mode":"connection_string"');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Close and lose it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('none of it met the content security policy, or an error', () => {
    expect(first.complaints).toEqual([]);
  });
});
