import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { gate } from '../support/require.ts';
import { axe, focusedField, openBrowser, type Visit, visit } from './browser.ts';

const { skip } = gate('chromium');

describe.skipIf(skip)('a pasted string', () => {
  let browser: Browser;
  let app: TestApp;
  let open: Visit;
  let page: Page;
  let sent: string[];

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), startApp()]);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  beforeEach(async () => {
    open = await visit(browser, app, '/databases?add=true', app.admin);
    page = open.page;
    sent = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await page.getByRole('heading', { name: 'Or paste a connection string' }).waitFor();
  });
  afterEach(async () => {
    expect(open.complaints).toEqual([]);
    await open.close();
  });

  const paste = (text: string) => page.getByRole('textbox', { name: 'Connection string' }).fill(text);
  const typed = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
  const chosen = async () => (await page.getByRole('button', { name: /^Change the kind/ }).getAttribute('aria-label'))?.split(' from ')[1];

  test.each([
    ['postgresql://reader:s3cret@db.example.com/sales', 'PostgreSQL'],
    ['mysql://reader:s3cret@db.example.com/sales', 'MySQL'],
    ['jdbc:mariadb://db.example.com:3306/sales?user=reader&password=s3cret', 'MariaDB'],
    ['Server=tcp:db.example.com,1433;Database=sales;User Id=reader;Password=s3cret;Encrypt=true', 'SQL Server'],
    ['jdbc:oracle:thin:@//db.example.com:1521/sales', 'Oracle'],
    ['sqlite:///sales.db', 'SQLite'],
  ])('says itself which kind of database it is of: %s', async (text, label) => {
    await paste(text);
    expect(await chosen()).toBe(label);
    expect(await typed(label === 'SQLite' ? 'File' : label === 'Oracle' ? 'Service' : 'Database')).toMatch(/^sales/);
  });

  test('that follows another one takes nothing of it, and keeps what the connection is called', async () => {
    await paste('postgresql://reader:s3cret@a.example.com:5433/sales');
    expect(await typed('Host')).toBe('a.example.com');
    await page.getByLabel('Alias').fill('Sales');
    await paste('postgresql://other:0ther@b.example.com,c.example.com/stock');
    expect([await typed('Host'), await typed('Port'), await typed('Database'), await typed('Username')]).toEqual([
      '',
      '5432',
      'stock',
      'other',
    ]);
    expect(await typed('Alias')).toBe('Sales');
    await paste('Server=db.example.com;Database=sales');
    await expect.poll(chosen).toBe('SQL Server');
    expect([await typed('Username'), await typed('Password'), await typed('Alias')]).toEqual(['', '', 'Sales']);
  });

  test('with something wrong lists all of it, and is not tested before it is mended', async () => {
    await paste('Server=tcp:a.example.com\\one,b.example.com;Database=sales;User Id=reader;Password=s3cret');
    const list = page.getByRole('list', { name: 'What keeps the string from being used' });
    await list.waitFor();
    await paste('Server=127.0.0.1\\sales;Database=sales;User Id=reader;Password=s3cret;Encrypt=false');
    await expect
      .poll(() => list.getByRole('listitem').allTextContents())
      .toEqual([expect.stringMatching(/^Port: .*give the port of the instance/)]);
    expect(await typed('Port')).toBe('');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await expect.poll(() => focusedField(page)).toBe('address.port');
    await page.getByText('First mend what is wrong with the pasted string.').waitFor();
    expect(sent.join('')).not.toContain('s3cret');
    await page.getByLabel('Port', { exact: true }).fill('1');
    await list.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('What to try').waitFor();
    expect(sent.join('')).toContain('"port":1,');
  });

  test('that can be read in two ways is not guessed, and shows no piece of the password', async () => {
    await paste('postgres://reader:pa@ss.com/x@db.example.com/sales');
    const group = page.getByRole('group', { name: /^This can be read in 2 ways/ });
    const ways = group.getByRole('radio');
    await expect.poll(() => ways.count()).toBe(2);
    expect(await page.getByRole('button', { name: 'Test connection' }).isDisabled()).toBe(true);
    const words = (await group.textContent()) ?? '';
    expect(words).toContain('Password of 11 characters: reader at db.example.com:5432 / sales');
    expect(words).toContain('Password of 2 characters');
    for (const piece of ['pa@', 'ss.com', 'x@']) expect(words).not.toContain(piece);
    expect(await axe(page)).toEqual([]);
    await ways.first().check();
    expect([await typed('Host'), await typed('Password')]).toEqual(['db.example.com', 'pa@ss.com/x']);
    await ways.last().check();
    expect([await typed('Host'), await typed('Password')]).toEqual(['ss.com', 'pa']);
    expect(await page.content()).not.toContain('pa@ss.com');
  });

  test('of variables that any kind has asks for the kind, and is read as the one that is chosen', async () => {
    await paste('DB_HOST=db.example.com\nDB_USER=reader\nDB_PASSWORD=s3cret');
    await page.getByText('No kind of database is known by this alone').waitFor();
    await page.getByRole('button', { name: /^(..)?\s*MariaDB/ }).click();
    await expect.poll(() => typed('Host')).toBe('db.example.com');
    expect([await chosen(), await typed('Port'), await typed('Username')]).toEqual(['MariaDB', '3306', 'reader']);
    await paste('DB_CONNECTION=sqlsrv\nDB_HOST=db.example.com\nDB_USER=reader\nDB_PASSWORD=s3cret');
    await expect.poll(chosen).toBe('SQL Server');
  });

  test('of no kind that is known asks for one, is read again once it is chosen, and goes when the kind is changed', async () => {
    await paste('reader/s3cret@sales');
    await page.getByText('No kind of database is known by this alone').waitFor();
    await page.getByRole('button', { name: /^(..)?\s*Oracle/ }).click();
    await expect.poll(() => typed('Username')).toBe('reader');
    await page.getByRole('button', { name: /^Change the kind/ }).click();
    expect(await typed('Connection string')).toBe('');
    await page.getByRole('button', { name: /^(..)?\s*Oracle/ }).click();
    expect([await typed('Username'), await typed('Password')]).toEqual(['', '']);
  });
});
