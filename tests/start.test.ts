import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createClient } from '../src/contract/client.ts';
import { startProcess } from './support/process.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'portcullis-start-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** Starts it where it is expected not to start. */
function failedStart(env: Record<string, string>): { code: number | null; text: string } {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'bin', 'portcullis.js'), 'serve'], {
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', PORTCULLIS_PORT: '0', ...env },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, text: stderr + stdout };
}

describe('start', () => {
  test('it says its address and how to make the first Admin, keeps its folder to itself, and drains at SIGTERM', async () => {
    const data = join(folder(), 'data');
    const server = await startProcess({ PORTCULLIS_DATA_DIR: data });
    await expect.poll(() => server.output()).toContain('no Admin yet');
    expect(server.output()).toContain('master.key');
    expect(statSync(data).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(data)) expect([name, statSync(join(data, name)).mode & 0o077]).toEqual([name, 0]);
    expect(await createClient({ baseUrl: server.url }).getReadiness()).toMatchObject({ status: 'ready' });
    await server.kill('SIGTERM');
    expect(server.child.exitCode).toBe(0);

    const again = await startProcess({ PORTCULLIS_DATA_DIR: data });
    expect(again.output()).not.toContain('master.key');
    await again.kill('SIGTERM');
  });

  test('a second server on the same folder is refused while the first lives, however the first ended before', async () => {
    const data = folder();
    const first = await startProcess({ PORTCULLIS_DATA_DIR: data });
    const second = failedStart({ PORTCULLIS_DATA_DIR: data });
    expect(second).toMatchObject({ code: 1, text: expect.stringContaining('Another Portcullis process uses the data folder') });
    await first.kill('SIGKILL');
    const third = await startProcess({ PORTCULLIS_DATA_DIR: data });
    await third.kill('SIGTERM');
  });

  test('every problem of the configuration is told at once, and no value of a secret', () => {
    const { code, text } = failedStart({
      PORTCULLIS_PORT: '99999',
      PORTCULLIS_ROLE: 'worker',
      PORTCULLIS_BASE_URL: 'ftp://x/y',
      PORTCULLIS_MASTER_KEY: 'a-short-key-that-is-wrong',
      PORTCULLIS_ALLOW_NETWORKS: '10.0.0.0/99',
      PORTCULLIS_NONSENSE: '1',
    });
    expect(code).toBe(1);
    for (const name of ['PORT', 'ROLE', 'BASE_URL', 'MASTER_KEY', 'ALLOW_NETWORKS', 'NONSENSE'])
      expect(text).toContain(`PORTCULLIS_${name}`);
    expect(text).not.toContain('a-short-key-that-is-wrong');
  });

  test('another master key, or none where there was one, is a clear refusal', async () => {
    const data = folder();
    await (await startProcess({ PORTCULLIS_DATA_DIR: data })).kill('SIGTERM');
    const other = Buffer.alloc(32, 7).toString('base64');
    const wrong = failedStart({ PORTCULLIS_DATA_DIR: data, PORTCULLIS_MASTER_KEY: other });
    expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('is not the one that seals this store') });
    expect(wrong.text).not.toContain(other);
    writeFileSync(join(data, 'master.key'), `${other}\n`, { mode: 0o600 });
    expect(failedStart({ PORTCULLIS_DATA_DIR: data }).code).toBe(1);
    rmSync(join(data, 'master.key'));
    const none = failedStart({ PORTCULLIS_DATA_DIR: data });
    expect(none.code).toBe(1);
    expect(readdirSync(data)).not.toContain('master.key');
  });

  test('a store on a server needs a master key of its own', () => {
    const { code, text } = failedStart({ PORTCULLIS_DATABASE_URL: 'postgres://u:hidden-word@127.0.0.1:1/x' });
    expect(code).toBe(1);
    expect(text).toContain('PORTCULLIS_MASTER_KEY');
    expect(text).not.toContain('hidden-word');
  });
});
