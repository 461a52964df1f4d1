import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { olderNode } from './support/older-node.ts';
import { startProcess } from './support/process.ts';
import { gate } from './support/require.ts';

const root = join(import.meta.dirname, '..');
// What an npm script tells the npm it starts (its own folder, its flags) must not reach the ones started here.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE/i.test(name)));
function npm(cwd: string, args: string[]): void {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}

interface Locked {
  readonly version: string;
  readonly dev?: true;
  readonly devOptional?: true;
  readonly optional?: true;
  readonly resolved?: string;
}

/** Packs a clean copy of the repository as it is now and installs the package into an empty folder. */
describe.skipIf(gate('slow').skip)('the package', () => {
  let folder: string;
  let installed: string;
  const lock: Record<string, Locked> = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-pack-'));
    const [copy, home] = [join(folder, 'repository'), join(folder, 'home')];
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
    for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name))))
      cpSync(join(root, file), join(copy, file), { recursive: true });
    npm(copy, ['ci']);
    npm(copy, ['pack', '--pack-destination', folder]);
    mkdirSync(home);
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    const [tarball = ''] = execFileSync('ls', { cwd: folder, encoding: 'utf8' }).match(/\S+\.tgz/) ?? [];
    // Nothing may be needed beyond the package: no registry, and a cache that holds nothing.
    npm(home, ['install', '--offline', '--cache', join(folder, 'cache'), join(folder, tarball)]);
    installed = join(home, 'node_modules', 'portcullis');
    // A safety limit: two installs and two builds.
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds what it should and nothing of the sources', () => {
    for (const path of [
      'bin/portcullis.js',
      'dist/cli/main.js',
      'dist/web/index.html',
      'docs/operations.md',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ])
      expect(existsSync(join(installed, path)), path).toBe(true);
    for (const path of ['src', 'tests', 'scripts', 'bench']) expect(existsSync(join(installed, path)), path).toBe(false);
    expect(existsSync(join(dirname(installed), 'zod')), 'nothing beside it').toBe(false);
  });

  test('brings every dependency in the version of package-lock.json', () => {
    const wanted = Object.entries(lock).filter(([path, entry]) => path !== '' && !entry.dev && !entry.devOptional && !entry.optional);
    expect(wanted.length).toBeGreaterThan(40);
    for (const [path, { version }] of wanted)
      expect([path, JSON.parse(readFileSync(join(installed, path, 'package.json'), 'utf8')).version]).toEqual([path, version]);
    expect(Object.values(lock).filter((entry) => entry.resolved !== undefined)).toEqual([]);
  });

  test('starts, answers and serves the web', async () => {
    const data = { PORTCULLIS_DATA_DIR: join(folder, 'data'), PATH: `${dirname(process.execPath)}${delimiter}${env.PATH}` };
    const server = await startProcess(data, join(installed, 'bin', 'portcullis.js'), folder);
    try {
      expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'alive' });
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      expect(await (await fetch(server.url)).text()).toContain('<script type="module"');
      expect(server.output()).not.toMatch(/warning/i);
    } finally {
      await server.kill('SIGTERM');
    }
  });

  test('offers the typed client', () => {
    const home = dirname(dirname(installed));
    const program = "import { createClient } from 'portcullis/client'; console.log(typeof createClient({ baseUrl: '' }).listDbConnections)";
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: home, env, encoding: 'utf8' });
    expect(run).toMatchObject({ status: 0, stdout: 'function\n', stderr: '' });
    writeFileSync(
      join(home, 'typed.ts'),
      "import { createClient } from 'portcullis/client';\nexport const list = createClient({ baseUrl: '' }).listDbConnections;\nexport const wrong: number = list;\n",
    );
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck', '--types', '', 'typed.ts'];
    const checked = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), flags, { cwd: home, env, encoding: 'utf8' });
    expect(checked.stdout.match(/TS\d+/g)).toEqual(['TS2322']);
  });

  test.skipIf(olderNode === null)('tells an older Node in one line which it needs', () => {
    const { status, stderr } = spawnSync(olderNode ?? '', [join(installed, 'bin', 'portcullis.js'), 'serve'], { env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^Portcullis needs Node\.js [^\n]+\n$/) });
  });
});
