import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { type KeyPair, makeAuthority, makeServerCertificate } from '../support/certificates.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { gate } from '../support/require.ts';
import { axe, fillConnection, openBrowser, type Visit, visit } from './browser.ts';

const skip = gate('chromium').skip || gate('postgres').skip;

describe.skipIf(skip)('encryption, in the browser', () => {
  let browser: Browser;
  let server: PostgresServer;
  let own: KeyPair;
  let app: TestApp;
  let window: Visit;
  const createShop = async (name: string): Promise<void> => {
    await server.createDatabase(name);
    await server.sql('create table orders (id int primary key)', name);
    await server.createReadOnlyLogin(name, 'certified', 'never used');
  };

  beforeAll(async () => {
    const authority = await makeAuthority();
    own = await makeServerCertificate(authority, { commonName: 'certified' });
    const ssl = { ...(await makeServerCertificate(authority)), ca: authority.cert };
    browser = await openBrowser();
    server = await startPostgres({ ssl, hba: ['hostssl all all 127.0.0.1/32 cert clientcert=verify-full'] });
    await createShop('shop');
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0.01' } });
    window = await visit(browser, app, '/databases', app.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await server?.stop();
  });

  test('a certificate that nobody vouches for is shown, and pinned by a person', async () => {
    const { page } = window;
    await fillConnection(page, { port: server.port, database: 'shop', username: 'certified', password: '' });
    await page.getByText('Verify certificate', { exact: true }).click();
    await page.getByRole('checkbox', { name: /^Show a client certificate/ }).check();
    await page.getByLabel('Client certificate', { exact: true }).fill(own.cert);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Paste the private key of the certificate.').waitFor();
    await page.getByLabel('Key of the client certificate').fill(own.key);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('button', { name: 'Pin this certificate' }).waitFor();
    const stages = page.getByRole('list', { name: 'Stages of the test' });
    for (const part of ['Issued by', 'Portcullis test authority', 'SHA-256', 'Valid']) expect(await stages.textContent()).toContain(part);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Pin this certificate' }).click();
    await page.getByRole('button', { name: 'Test again' }).click();
    await page.getByText('Give it an alias first.').waitFor();
    expect(await stages.textContent()).toContain('Client certificate, and no password');
    expect((await page.content()).includes(own.key.split('\n')[1] ?? '-')).toBe(false);
    await page.getByLabel('Alias').fill('Pinned');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('article', { name: 'Pinned' }).getByText('Ready for query').waitFor({ timeout: 60_000 });
  }, 120_000);

  test('another database in its place is told, and confirmed with a reason', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Pinned', exact: true }).click();
    // Whole before it takes the name: a login that is refused meanwhile would not be tried again.
    await createShop('shop_anew');
    await server.sql('drop database shop with (force)');
    await server.sql('alter database shop_anew rename to shop');
    await page.getByRole('alert').getByText('Another server or database answers there').waitFor({ timeout: 60_000 });
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Test and confirm…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm the server' });
    await dialog.getByLabel('Why it is the right one').fill('restored from a backup');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Test and confirm' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(window.complaints).toEqual([]);
  }, 120_000);
});
