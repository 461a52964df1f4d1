import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The machine's own `node`, outside of node_modules, where it is older than 24; else null. */
export const olderNode = findOlderNode();

function findOlderNode(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const own = folders.map((folder) => join(folder, 'node')).find((file) => existsSync(file));
  if (own === undefined) return null;
  const { stdout } = spawnSync(own, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return Number(stdout.split('.')[0]) < 24 ? own : null;
}
