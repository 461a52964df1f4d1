import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addConnection } from '../support/access-rows.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { gate } from '../support/require.ts';
import { axe, openBrowser, visit } from './browser.ts';

const { skip } = gate('chromium');

describe.skipIf(skip)('every page', () => {
  let browser: Browser;
  let app: TestApp;
  let id: string;

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), startApp()]);
    const { user } = await app.admin.client.getMe();
    id = await addConnection(app, { createdBy: user.id, visibility: 'organization' });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  const pages = (): [path: string, heading: string][] => [
    ['/', 'Dashboard'],
    ['/databases', 'Databases'],
    [`/databases/${id}`, id],
    [`/databases/${id}?tab=schema`, id],
    [`/databases/${id}?tab=runs`, id],
    [`/databases/${id}?tab=settings`, id],
    ['/ask', 'Ask'],
    ['/members', 'Members'],
    ['/settings', 'Settings'],
    ['/nowhere', 'There is nothing at this address'],
  ];

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
  ] as const)(
    'in %s at %i px is clean to axe, keeps to its width and breaks no rule of the policy',
    async (scheme, width) => {
      const { page, complaints, close } = await visit(browser, app, '/', app.admin, { scheme, width });
      const found: Record<string, string[]> = {};
      for (const [path, heading] of pages()) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
        await page.getByRole('status', { name: /^Loading/ }).waitFor({ state: 'detached' });
        const wrong = await axe(page);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) wrong.push(`${over} px too wide`);
        if (wrong.length > 0) found[path] = wrong;
      }
      expect(found).toEqual({});
      expect(complaints).toEqual([]);
      await close();
    },
    120_000,
  );

  test('comes with at most 180 kB of compressed script', async () => {
    const { page, close } = await visit(browser, app, '/', app.admin);
    await page.getByRole('heading', { name: 'Next steps' }).waitFor();
    const sizes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.endsWith('.js'))
        .map((entry) => (entry as PerformanceResourceTiming).encodedBodySize),
    );
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(180_000);
    await close();
  });

  test('asks a stranger to sign in, and then leads to the page that was asked for', async () => {
    const { page, close } = await visit(browser, app, '/members', null);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('E-mail').fill(app.admin.email);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('E-mail or password rejected').waitFor();
    await page.getByLabel('Password').fill(app.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Members' }).waitFor();
    await close();
  });

  test('shows a User neither members nor the way to add a database', async () => {
    const user = await app.join('user');
    const { page, close } = await visit(browser, app, '/databases', user);
    await page.getByRole('heading', { name: 'Databases' }).waitFor();
    expect(await page.getByRole('link', { name: 'Members' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Add a database' }).count()).toBe(0);
    await page.goto('/members');
    await page.getByText('Your role does not show the members').waitFor();
    await close();
  });

  test('an invitation by link ends in a signed-in member', async () => {
    const { url } = await app.admin.client.inviteMember({ body: { email: 'grace@example.com', role: 'manager' } });
    const link = new URL(url);
    const { page, complaints, close } = await visit(browser, app, link.pathname + link.hash, null);
    await page.getByLabel('Your name').fill('Grace Hopper');
    await page.getByLabel('Password').fill('a compiler for everyone');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    expect(page.url()).not.toContain('token');
    expect(complaints).toEqual([]);
    await close();
  });

  test('the theme that was chosen is there before the page is drawn', async () => {
    const { page, close } = await visit(browser, app, '/settings', app.admin);
    await page.getByText('Dark', { exact: true }).click();
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction(() => document.body !== null);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await close();
  });
});
