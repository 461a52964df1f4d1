import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { vi } from 'vitest';
import type { TestApp } from '../support/app.ts';

// A browser beside a server, a database and other tests on the same cores: limits for safety, not expectations.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 30_000 } } });

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Debian's Chromium, with a profile of its own. */
export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });

/** A window of a browser that keeps what the page complained about. */
export interface Visit {
  readonly page: Page;
  /** Errors of the page, and what its content security policy refused; expected refusals of the API aside. */
  readonly complaints: string[];
  close(): Promise<void>;
}

interface Looks {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens a window on the application, signed in where a person is given. */
export async function visit(
  browser: Browser,
  app: Pick<TestApp, 'url'>,
  path: string,
  as: { email: string; password: string } | null,
  looks: Looks = {},
): Promise<Visit> {
  const { width = 1280, height = 900, scheme = 'light' } = looks;
  const context = await browser.newContext({ baseURL: app.url, viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource: the server responded with a status of 4'))
      complaints.push(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  if (as) {
    const { email, password } = as;
    const answer = await context.request.post('/api/auth/sign-in/email', { data: { email, password }, headers: { origin: app.url } });
    if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}: ${await answer.text()}`);
  }
  await page.goto(path);
  return { page, complaints, close: () => context.close() };
}

/** What axe finds wrong with the page as it stands, one line each. */
export async function axe(page: Page): Promise<string[]> {
  // Evaluated over the debugger, not as a script of the page: the policy stays in force for all that the page does itself.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}

/** Where the database of a test is and how to read it, as a person types it. */
export interface Typed {
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

/** Opens Add Connection and fills all that a test needs: a database on this machine, without TLS. */
export async function fillConnection(page: Page, typed: Typed): Promise<void> {
  await page.getByRole('button', { name: 'Add a database' }).click();
  await page.getByRole('button', { name: /^PostgreSQL/ }).click();
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(String(typed.port));
  await page.getByLabel('Database', { exact: true }).fill(typed.database);
  await page.getByText('Not encrypted', { exact: true }).click();
  await page.getByLabel('Username').fill(typed.username);
  await page.getByLabel('Password').fill(typed.password);
}

/** The path of the form's field that has the focus. */
export const focusedField = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-field]')?.dataset.field);
