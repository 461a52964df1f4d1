// Checks the version of Node before anything of ours is loaded. Old syntax on purpose: old versions have to be able to read this file.
// Run alone (by the npm scripts) or imported by portcullis.js. tests/node-version.test.ts holds it equal to `engines` in package.json.
// 24.15.0 is the first in which node:sqlite is no experiment.
var lowest = [24, 15, 0];
var mine = process.versions.node.split('.').map(Number);
var first = lowest.findIndex(function differs(part, at) {
  return mine[at] !== part;
});

if (first !== -1 && mine[first] < lowest[first]) {
  console.error(
    'Portcullis needs Node.js ' +
      lowest.join('.') +
      ' or newer and this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '): put a newer one first on PATH; in a clone of the repository, `npm ci` without --ignore-scripts or --omit=dev brings one.',
  );
  process.exit(1);
}
