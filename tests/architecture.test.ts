import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { api } from '../src/contract/api.ts';
import { permissions } from '../src/contract/permissions.ts';
import type { Route } from '../src/contract/route.ts';
import { flawsOf, forbiddenImports, namedEngines, type SourceFile, sourceFiles, speaksToStore } from './support/architecture.ts';

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

describe('the store', () => {
  test('is spoken to by stores and the platform alone', () => {
    expect(files.filter(speaksToStore).map(({ path }) => path)).toEqual([]);
  });
  test('a use case that does so is found', () => {
    const text = "await trx\n  .deleteFrom('members')\n  .execute();";
    expect(speaksToStore(plant('src/server/identity/remove-member.ts', text))).toBe(true);
    expect(speaksToStore(plant('src/server/build.ts', "store.db.selectFrom('vault_marks')"))).toBe(true);
    expect(speaksToStore(plant('src/server/identity/member-store.ts', text))).toBe(false);
  });
});

describe('files', () => {
  const all = ['src', 'tests', 'bench'].flatMap((folder) => sourceFiles(root, folder));
  test('have names that say what they hold, and lengths that can be read at a glance', () => {
    expect(all.length - files.length).toBeGreaterThan(50);
    expect(all.flatMap(flawsOf)).toEqual([]);
    for (const some of [files, all]) {
      const sorted = some.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
      expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
    }
  });
  test.each([
    ['a long one', plant('tests/x.test.ts', '\n'.repeat(300))],
    ['a vague name', plant('tests/support/helpers.ts', '')],
    ['a default export', plant('bench/x.ts', 'export default 1;')],
    ['the environment', plant('src/server/http/x.ts', 'process.env.HOME')],
  ])('%s is found', (_, file) => {
    expect(flawsOf(file)).toHaveLength(1);
  });
  test('are kebab-case, components PascalCase', () => {
    const odd = all
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
