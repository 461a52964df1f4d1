import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { api } from '../src/contract/api.ts';
import { permissions } from '../src/contract/permissions.ts';
import type { Route } from '../src/contract/route.ts';
import { forbiddenImports, namedEngines, type SourceFile, sourceFiles } from './support/architecture.ts';

const root = join(import.meta.dirname, '..');
const files = sourceFiles(root, 'src');
const plant = (path: string, text: string): SourceFile => ({ path, text });

describe('imports', () => {
  test('follow the table, the doors and the homes of libraries', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  test.each([
    ['contract importing the server', plant('src/contract/x.ts', "import { a } from '../server/platform/fault.ts';")],
    ['contract importing a library', plant('src/contract/x.ts', "import { Hono } from 'hono';")],
    ['web importing the server', plant('src/web/x.tsx', "import { a } from '../server/platform/fault.ts';")],
    ['web importing Node', plant('src/web/x.tsx', "import { a } from 'node:fs';")],
    ['platform importing a feature', plant('src/server/platform/x.ts', "import { a } from '../vault/vault.ts';")],
    ['vault importing connections', plant('src/server/vault/x.ts', "import { a } from '../connections/connections.ts';")],
    ['connections importing catalog', plant('src/server/connections/x.ts', "import type { a } from '../catalog/catalog.ts';")],
    ['a feature entered by a side window', plant('src/server/connections/x.ts', "import { a } from '../vault/envelope.ts';")],
    ['kysely in a use case', plant('src/server/connections/register.ts', "import { sql } from 'kysely';")],
    ['a driver in a feature', plant('src/server/catalog/x.ts', "import pg from 'pg';")],
    ['better-auth outside identity', plant('src/server/http/x.ts', "import { a } from 'better-auth/node';")],
    ['an export that re-exports', plant('src/contract/x.ts', "export { a } from '../server/build.ts';")],
    ['a dynamic import', plant('src/web/x.ts', "const a = await import('../server/build.ts');")],
  ])('finds %s', (_, file) => {
    expect(forbiddenImports(file)).toHaveLength(1);
  });
});

describe('engines', () => {
  test('are named only where they may be', () => {
    expect(files.flatMap(namedEngines)).toEqual([]);
  });
  test('a name outside is found', () => {
    expect(namedEngines(plant('src/web/x.tsx', "if (type === 'postgresql') {}"))).toHaveLength(1);
    expect(namedEngines(plant('src/server/engines/postgres/x.ts', "const other = 'mysql';"))).toHaveLength(1);
  });
});

describe('files', () => {
  const vague = new Set('utils helpers common lib services controllers models types constants index'.split(' '));
  test('have names that say what they hold, and lengths that can be read at a glance', () => {
    const bad = files.flatMap(({ path, text }) => {
      const lines = text.split('\n').length;
      const words = path.replace(/\.(test|sql)?\.?tsx?$/, '').split('/');
      return [
        ...(words.some((word) => vague.has(word)) ? [`${path}: a vague name`] : []),
        ...(lines > 300 && !/migrations\/|\.sql\.ts$/.test(path) ? [`${path}: ${lines} lines`] : []),
        ...(/^export default/m.test(text) ? [`${path}: a default export`] : []),
        ...(/\bprocess\.env\b/.test(text) && !/^src\/server\/config\.ts$|^src\/cli\/|\.test\.ts$/.test(path)
          ? [`${path}: reads process.env`]
          : []),
      ];
    });
    expect(bad).toEqual([]);
    const sorted = files.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
  });
  test('are kebab-case, components PascalCase', () => {
    const odd = files
      .map(({ path }) => basename(path))
      .filter(
        (name) => !/^(\d{4}-)?[a-z0-9]+([-.][a-z0-9]+)*\.tsx?$|^[A-Z][A-Za-z0-9]+(\.test)?\.tsx$|^use[A-Z][A-Za-z]+\.tsx?$/.test(name),
      );
    expect(odd).toEqual([]);
  });
});

describe('routes', () => {
  const routes = Object.entries(api) as [string, Route][];
  test('each name a permission; what is public is this list and no more', () => {
    expect(routes.filter(([, route]) => route.permission !== 'public' && !(route.permission in permissions))).toEqual([]);
    const open = routes.filter(([, route]) => route.permission === 'public').map(([id]) => id);
    expect(open.sort()).toEqual(['acceptInvitation', 'acceptPasswordLink', 'getHealth', 'getOpenApi', 'getReadiness', 'getSetup', 'setup']);
  });
  test('no two share a method and a path', () => {
    const seen = routes.map(([, route]) => `${route.method} ${route.path.replace(/:\w+/g, ':')}`);
    expect(new Set(seen).size).toBe(seen.length);
  });
});
