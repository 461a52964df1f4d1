#!/usr/bin/env node
// Old syntax on purpose, and nothing is imported before the version of Node is known: see node-version.js.
import('./node-version.js')
  .then(function enter() {
    return import('node:fs');
  })
  .then(function run(fs) {
    // In the repository Node runs src/ as it is; the package holds dist/ alone.
    var source = new URL('../src/cli/main.ts', import.meta.url);
    return import(fs.existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
  })
  .then(function start(cli) {
    return cli.main(process.argv.slice(2));
  })
  .then(function end(code) {
    // 0 is left unsaid: a server that just started goes on.
    if (code !== 0) process.exit(code);
  })
  .catch(function fail(error) {
    console.error(error);
    process.exit(1);
  });
