// Runs after `npm ci` and before `npm pack`: builds the web into dist/web. Where development dependencies are left out
// (npm ci --omit=dev) there is nothing to build with, and nothing to say. Vite alone proves nothing: a peer brings it even then.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync(new URL('../node_modules/@vitejs/plugin-react/package.json', import.meta.url))) {
  const built = spawnSync('npm', ['run', '--silent', 'build:web', '--', '--logLevel', 'warn'], { stdio: 'inherit' });
  process.exitCode = built.status ?? 1;
}
