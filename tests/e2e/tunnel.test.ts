import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { gate } from '../support/require.ts';
import { loadSample, type SampleDatabase } from '../support/sample-database.ts';
import { makeSshKeys } from '../support/ssh-keys.ts';
import { startSshServer, type TestSshServer } from '../support/ssh-server.ts';
import { axe, fillConnection, focusedField, openBrowser, type Visit, visit } from './browser.ts';

const skip = gate('chromium').skip || gate('postgres').skip;
const keys = makeSshKeys('ed25519', 'open sesame');

describe.skipIf(skip)('a database behind an SSH server, in the browser', () => {
  let browser: Browser;
  let server: PostgresServer;
  let sample: SampleDatabase;
  let ssh: TestSshServer;
  let app: TestApp;
  let window: Visit;

  beforeAll(async () => {
    [browser, server] = await Promise.all([openBrowser(), startPostgres()]);
    sample = await loadSample(server);
    ssh = await startSshServer({ password: 'tunnel password', authorized: keys.publicKey });
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0.01' } });
    window = await visit(browser, app, '/databases', app.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await ssh?.stop();
    await server?.stop();
  });

  test('is off; switched on it asks for what it needs, by labels and keyboard', async () => {
    const { page } = window;
    await fillConnection(page, { port: server.port, database: sample.database, ...sample.reader });
    const on = page.getByRole('checkbox', { name: /^Reach it through an SSH server/ });
    expect([await on.isChecked(), await page.getByLabel('SSH host').count()]).toEqual([false, 0]);
    await on.focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Enter the host of the SSH server.').waitFor();
    await expect.poll(() => focusedField(page)).toBe('address.ssh.host');
    await page.getByLabel('SSH host').fill(ssh.host);
    await page.getByLabel('SSH port').fill(String(ssh.port));
    await page.getByLabel('SSH user').fill(ssh.user);
    await page.getByLabel('SSH password').fill('tunnel password');
    expect(await axe(page)).toEqual([]);
  });

  test('the key of the server is shown, and trusted by a person', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Test connection' }).click();
    const stages = page.getByRole('list', { name: 'Stages of the test' });
    await page.getByRole('button', { name: 'Trust this host key' }).waitFor();
    expect(await stages.textContent()).toContain(ssh.hostKeySha256);
    expect(ssh.tried).toEqual([]);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Trust this host key' }).click();
    await page.getByText('You changed the SSH tunnel: test again.').first().waitFor();
    await page.getByRole('button', { name: 'Test again' }).click();
    await page.getByText('Give it an alias first.').waitFor();
    const lines = await stages.getByRole('listitem').allTextContents();
    expect(lines).toHaveLength(12);
    expect(lines[4]).toMatch(/^Open the tunnel: passed.*forwards to/s);
    // Neither password is in the page.
    const markup = await page.content();
    expect([markup.includes('tunnel password'), markup.includes(sample.reader.password)]).toEqual([false, false]);
  });

  test('it is saved, read and shown with the way it is reached', async () => {
    const { page } = window;
    await page.getByLabel('Alias').fill('Behind the bastion');
    await page.getByRole('button', { name: 'Save' }).click();
    const card = page.getByRole('article', { name: 'Behind the bastion' });
    await card.getByText('Ready for query').waitFor();
    await page.getByRole('link', { name: 'Behind the bastion', exact: true }).click();
    await page.getByText(`Through the SSH server ${ssh.user}@${ssh.host}:${ssh.port}`).waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test('its login is replaced by a key', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await page.getByText('Reached as tunnel over').waitFor();
    await page.getByRole('button', { name: 'Replace…' }).nth(1).click();
    const dialog = page.getByRole('dialog', { name: 'Replace the login of the SSH server' });
    await dialog.getByLabel('With a private key').check();
    await dialog.getByLabel('SSH private key').fill(keys.privateKey);
    await dialog.getByRole('button', { name: 'Test and replace' }).click();
    await dialog.getByText('This private key is encrypted.').waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog.getByLabel('Passphrase of the key').fill('open sesame');
    expect((await page.content()).includes(keys.privateKey.split('\n')[1] ?? '-')).toBe(false);
    await dialog.getByRole('button', { name: 'Test and replace' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(ssh.tried.at(-1)).toBe('publickey');
  });

  test('another key on the server is told on the card and the page', async () => {
    const { page } = window;
    const { port } = ssh;
    await ssh.stop();
    ssh = await startSshServer({ authorized: keys.publicKey, port });
    await page.getByText('The SSH server shows another key than the confirmed one. Nothing was sent to it.').waitFor({ timeout: 40_000 });
    expect(await axe(page)).toEqual([]);
    await page.getByRole('link', { name: 'Databases' }).first().click();
    const card = page.getByRole('article', { name: 'Behind the bastion' });
    await card.getByText('Not what was confirmed').waitFor();
    expect(await card.textContent()).toContain('another key than the confirmed one');
    expect(await axe(page)).toEqual([]);
    expect(window.complaints).toEqual([]);
    // A safety limit: it has to be found by itself first.
  }, 90_000);
});
