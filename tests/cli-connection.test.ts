import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Cli, type CliResult, commandLine } from './support/cli.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';
import { loadSample, type SampleDatabase } from './support/sample-database.ts';

// A safety limit: each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 300_000 });

describe.skipIf(gate('postgres').skip)('connections by the command line', () => {
  let home: string;
  let app: TestApp;
  let server: PostgresServer;
  let sample: SampleDatabase;
  let portcullis: Cli;
  const seen: CliResult[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
    [app, server] = await Promise.all([startApp(), startPostgres()]);
    sample = await loadSample(server);
    const run = commandLine(home, { PORTCULLIS_URL: app.url, PORTCULLIS_API_KEY: app.admin.apiKey });
    portcullis = async (...args) => {
      const result = await run(...args);
      seen.push(result);
      return result;
    };
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const add = (...more: string[]): string[] => {
    const where = ['--host', server.host, '--port', String(server.port), '--database', sample.database, '--tls', 'disable'];
    return ['connection', 'add', '--type', 'postgresql', ...where, '--username', sample.reader.username, '--password-stdin', ...more];
  };
  const password = () => ({ stdin: `${sample.reader.password}\n` });

  test('a test shows each stage and keeps nothing', async () => {
    const tested = await portcullis(add('--test-only'), password());
    expect(tested).toMatchObject({ code: 0, stderr: '' });
    expect(tested.stdout).toMatch(/✓ tcp +passed +\d+ ms/);
    expect(tested.stdout).toMatch(/✓ catalog +passed/);
    expect((await portcullis(['connection', 'list'])).stdout).toMatch(/There are no connections/);
  });

  test('a failed test ends with 1, the fault code first on stderr, and what to try', async () => {
    const failed = await portcullis(add('--name', 'Wrong'), { stdin: 'not the password\n' });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^credential\.rejected: The test failed at stage auth/) });
    expect(failed.stdout).toMatch(/✗ auth +failed/);
    expect(failed.stdout).toMatch(/ {4}try: /);
    const asJson = await portcullis(add('--name', 'Wrong', '--json'), { stdin: 'not the password\n' });
    expect(asJson).toMatchObject({ code: 1, stderr: expect.stringContaining('"credential.rejected"') });
    expect(asJson.json()).toMatchObject({ ok: false });
  });

  test('one is registered, followed to its end, listed, shown, tested and searched', async () => {
    const made = await portcullis(
      add('--name', 'Sample', '--description', 'Orders and people', '--environment', 'test', '--wait'),
      password(),
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/Sample is registered: [0-9a-f-]{36}\n(\w+\n)+Ready: \d+ tables appeared/);
    expect((await portcullis(['connection', 'list'])).stdout).toMatch(/^ALIAS +TYPE.*\nSample +postgresql +ready +\d+ +test +read_only/);
    const shown = (await portcullis(['connection', 'show', 'Sample', '--json'])).json<Connection>();
    expect(shown).toMatchObject({ name: 'Sample', status: 'ready', description: 'Orders and people' });
    expect((await portcullis(['connection', 'show', shown.id])).stdout).toMatch(/state +ready/);
    expect((await portcullis(['connection', 'test', 'Sample'])).stdout).toMatch(/✓ read +passed/);
    expect((await portcullis(['connection', 'ingest', 'Sample', '--wait'])).stdout).toMatch(/0 tables appeared, 0 changed, 0 vanished/);
    const found = await portcullis(['search', 'Which customers placed orders last month?', '--limit', '3']);
    expect(found.stdout).toMatch(/^ 1\. sales\.\w+ {2}Sample\n/);
    expect((await portcullis(['search', 'customers', '--connection', 'Sample', '--json'])).json()).toMatchObject({
      tables: expect.any(Array),
    });
    expect((await portcullis(['search', 'customers', '--connection', 'Nowhere'])).stderr).toMatch(/^connection\.unknown: /);
  });

  test('evil names of the database reach no terminal as they are', async () => {
    const found = await portcullis(['search', 'odd things legacy', '--limit', '50']);
    expect(found.stdout).toContain('Odd "Things"');
    for (const { stdout, stderr } of seen) expect(stdout + stderr).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
  });

  test('a connection string comes by stdin; one that holds a password is refused as an argument', async () => {
    // Another login: a destination may be tested five times a minute by each.
    const string = `postgresql://${sample.writer.username}:${encodeURIComponent(sample.writer.password)}@${server.host}:${server.port}/${sample.database}?sslmode=disable`;
    // It says itself what kind of database it is of.
    const base = ['connection', 'add', '--test-only', '--json'];
    expect((await portcullis([...base, '--from-stdin'], { stdin: `${string}\n` })).json()).toMatchObject({ ok: true });
    const refused = await portcullis([...base, '--string', 'postgresql://reader:hidden@db.example.com/sales']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--from-stdin') });
    const bare = string.replace(/:[^:@]+@/, '@');
    const beside = [...base, '--string', bare, '--username', sample.writer.username, '--password-stdin'];
    expect((await portcullis(beside, { stdin: `${sample.writer.password}\n` })).json()).toMatchObject({ ok: true });
  });

  test('it is disabled, enabled and removed', async () => {
    expect((await portcullis(['connection', 'disable', 'Sample', '--reason', 'maintenance'])).stdout).toBe('Sample is disabled.\n');
    expect((await portcullis(['connection', 'show', 'Sample'])).stdout).toMatch(/disabled +maintenance/);
    expect((await portcullis(['connection', 'ingest', 'Sample'])).stderr).toMatch(/^connection\.disabled: /);
    expect((await portcullis(['connection', 'enable', 'Sample'])).stdout).toBe('Sample is enabled.\n');
    expect((await portcullis(['connection', 'remove', 'Sample', '--confirm', 'sample!'])).stderr).toMatch(/^name\.mismatched: /);
    expect((await portcullis(['connection', 'remove', 'Sample'])).code).toBe(2);
    expect((await portcullis(['connection', 'remove', 'Sample', '--confirm', 'Sample'])).code).toBe(0);
    expect((await portcullis(['connection', 'list', '--json'])).json()).toEqual([]);
  });

  test('no password was printed by any of these', () => {
    const printed = seen.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(printed.length).toBeGreaterThan(5000);
    for (const secret of [sample.reader.password, sample.writer.password, 'not the password', 'hidden', app.admin.apiKey])
      expect(printed).not.toContain(secret);
  });
});
