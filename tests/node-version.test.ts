import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { olderNode } from './support/older-node.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the check, `engines` and the Node of the npm scripts agree', () => {
  const lowest = /lowest = \[(\d+), (\d+), (\d+)\]/.exec(read('bin/node-version.js'))?.slice(1).join('.');
  const { engines, devDependencies, allowScripts } = JSON.parse(read('package.json'));
  expect(engines).toEqual({ node: `>=${lowest}` });
  expect(devDependencies.node).toMatch(/^24\.\d+\.\d+$/);
  expect(allowScripts).toEqual({ node: true });
});

test.skipIf(olderNode === null)('an older Node is told in one line which is needed', () => {
  for (const file of ['portcullis.js', 'node-version.js']) {
    const { status, stdout, stderr } = spawnSync(olderNode ?? '', [join(root, 'bin', file), 'serve'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Portcullis needs Node\.js 24\.\d+\.\d+ or newer and this is [^\n]+\n$/);
  }
});
