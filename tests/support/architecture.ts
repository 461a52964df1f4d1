import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A source file as the architecture sees it. */
export interface SourceFile {
  /** Path from the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file under a folder. */
export function sourceFiles(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }));
}

/** What a file imports: paths from the repository for our own, package names for others. */
export function importsOf(file: SourceFile): string[] {
  const found = [
    ...file.text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g),
  ];
  return found.map((match) => match[1] ?? match[2] ?? '').map((name) => (name.startsWith('.') ? join(dirname(file.path), name) : name));
}

/** Which part of the system a path is: a feature of the server, platform, an engine, or one of the outer parts. */
export function partOf(path: string): string {
  const [, area = '', feature = '', third = ''] = path.split('/');
  if (area !== 'server') return area;
  if (third === '') return feature.replace(/\.tsx?$/, '');
  return feature;
}

/** Who may import whom, besides itself and the contract. `build` and `main` are the composition root. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  web: ['engines/strings.ts'],
  cli: ['build', 'main', 'config', 'engines/strings.ts'],
  main: ['build', 'config', 'platform', 'http'],
  build: ['config', 'platform', 'engines', 'vault', 'identity', 'audit', 'connections', 'catalog', 'retrieval', 'query', 'http'],
  config: ['platform'],
  http: ['platform', 'engines', 'vault', 'identity', 'audit', 'connections', 'catalog', 'retrieval', 'query'],
  platform: [],
  engines: ['platform'],
  vault: ['platform'],
  identity: ['platform'],
  audit: ['platform'],
  policy: ['platform'],
  connections: ['platform', 'vault', 'audit', 'policy', 'identity', 'engines'],
  catalog: ['platform', 'connections', 'audit', 'engines'],
  retrieval: ['platform', 'catalog', 'policy'],
  query: ['platform', 'connections', 'catalog', 'policy', 'audit', 'engines'],
};

/** A library's homes: paths in which it may be imported. Those not named may be used by whoever needs them. */
export const homes: Readonly<Record<string, RegExp>> = {
  kysely: /-store\.ts$|^src\/server\/platform\//,
  hono: /^src\/server\/http\//,
  '@hono/node-server': /^src\/server\/(http\/|main\.ts)/,
  'pg-boss': /^src\/server\/platform\//,
  'better-auth': /^src\/server\/identity\/|^src\/server\/platform\/migrations\//,
  pg: /^src\/server\/(platform\/|engines\/[a-z]+\/session\.ts)/,
  'pg-cursor': /^src\/server\/engines\/[a-z]+\/session\.ts/,
  mysql2: /^src\/server\/engines\/mysql\/session\.ts/,
  '@noble/curves': /^src\/server\/engines\/mysql\/sign-ed25519\.ts/,
  tedious: /^src\/server\/engines\/sqlserver\/session\.ts/,
  oracledb: /^src\/server\/engines\/oracle\/session\.ts/,
  ssh2: /^src\/server\/platform\/ssh-/,
  '@guanmingchiu/sqlparser-ts': /^src\/server\/engines\/sqlparser\//,
  'node:sqlite': /^src\/server\/(platform\/|engines\/sqlite\/(session-child|sample\/write-sample)\.ts)/,
  'libpg-query': /^src\/server\/engines\/postgres\/guard/,
  'pgsql-deparser': /^src\/server\/engines\/postgres\/guard/,
  '@sqlite.org/sqlite-wasm': /^src\/server\/engines\/sqlite\/guard/,
  react: /^src\/web\//,
  commander: /^src\/cli\//,
  '@clack/prompts': /^src\/cli\//,
  pino: /^src\/server\/platform\/log\.ts/,
};

const doors = new Set(['vault', 'identity', 'audit', 'policy', 'connections', 'catalog', 'retrieval', 'query', 'ask']);
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** Every import that breaks the table, a sentence each. */
export function forbiddenImports(file: SourceFile): string[] {
  const test = /\.test\.tsx?$/.test(file.path);
  const from = partOf(file.path);
  const allowed = mayImport[from];
  if (!allowed) return [`${file.path}: the part ${from} is not in the import table`];
  return importsOf(file).flatMap((target) => {
    if (!target.startsWith('src/')) {
      const home = homes[target.startsWith('node:') ? target : packageOf(target)];
      if (from === 'contract' && target !== 'zod' && !test) return [`${file.path}: contract imports zod alone, not ${target}`];
      if (from === 'web' && target.startsWith('node:')) return [`${file.path}: the web has no Node`];
      return home && !test && !home.test(file.path) ? [`${file.path}: ${target} has another home`] : [];
    }
    const to = partOf(target);
    if (to === from || to === 'contract') return to === from || from !== 'contract' ? [] : [`${file.path} → ${target}`];
    if (test && (to === 'platform' || to === 'build' || to === 'config')) return [];
    const named = allowed.includes(to) || allowed.some((path) => target.endsWith(path));
    if (!named) return [`${file.path} → ${target}: ${from} may not import ${to}`];
    if (doors.has(to) && !target.endsWith(`/${to}/${to}.ts`) && !test)
      return [`${file.path} → ${target}: enter ${to} through ${to}/${to}.ts`];
    return [];
  });
}

const storeCall = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/;

/** Whether a file of the server speaks to the store where only the *-store.ts files and the platform may. */
export function speaksToStore({ path, text }: SourceFile): boolean {
  return /^src\/server\//.test(path) && !/-store\.ts$|\.test\.ts$|^src\/server\/platform\//.test(path) && storeCall.test(text);
}

/** Folders and files with these names say nothing of what they hold. */
const vague = new Set('utils helpers common lib services controllers models types constants index'.split(' '));

/** What is wrong with a file itself: its name, its length, a default export (which a tool's own configuration needs), the environment read outside its home. */
export function flawsOf({ path, text }: SourceFile): string[] {
  const lines = text.split('\n').length;
  const words = path.replace(/\.(test|sql)?\.?tsx?$/, '').split('/');
  return [
    ...(words.some((word) => vague.has(word)) ? [`${path}: a vague name`] : []),
    ...(lines > 300 && !/migrations\/|\.sql\.ts$/.test(path) ? [`${path}: ${lines} lines`] : []),
    ...(/^export default/m.test(text) ? [`${path}: a default export`] : []),
    ...(path.startsWith('src/') && /\bprocess\.env\b/.test(text) && !/^src\/server\/config\.ts$|^src\/cli\/|\.test\.ts$/.test(path)
      ? [`${path}: reads process.env`]
      : []),
  ];
}

/** Engines that are another one but for what they say themselves: they name it. And one that has a second name, by which libraries know it. */
const borrows: Readonly<Record<string, string>> = { mariadb: 'mysql', sqlserver: 'mssql' };
const engineNames = /\b(postgres(ql)?|mysql|mariadb|sqlserver|mssql|oracle|sqlite)\b/i;
const mayNameEngines =
  /^src\/contract\/engines\.ts$|^src\/server\/config\.ts$|^src\/server\/platform\/|^src\/server\/engines\/(registry|strings|guards)\.ts$/;

/** Every line outside comments that names an engine where none may be named. */
export function namedEngines(file: SourceFile): string[] {
  if (mayNameEngines.test(file.path) || /\.test\.tsx?$/.test(file.path)) return [];
  const inside = /^src\/server\/engines\/([a-z]+)\//.exec(file.path)?.[1];
  return file.text
    .split('\n')
    .map((line) => line.replace(/\/\/.*$|^\s*\/?\*.*$|\/\*.*?\*\//g, ''))
    .flatMap((line, index) => {
      const name = engineNames.exec(line)?.[0];
      if (!name || (inside && [inside, borrows[inside] ?? inside].some((own) => name.toLowerCase().startsWith(own)))) return [];
      return [`${file.path}:${index + 1} names ${name}`];
    });
}
