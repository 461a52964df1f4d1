import { expect, it } from 'vitest';
import { readConnectionString } from '../strings.ts';

it.each([
  ['sqlite:///fleet.db', 'fleet.db'],
  ['sqlite:fleet.db', 'fleet.db'],
  ['sqlite:////srv/files/fleet.db', '/srv/files/fleet.db'],
  ['sqlite+aiosqlite:///deep/a.db', 'deep/a.db'],
  ['jdbc:sqlite:C.db', 'C.db'],
  ['sqlite:///our%20fleet.db?mode=ro', 'our fleet.db'],
  ['fleet.sqlite3', 'fleet.sqlite3'],
  ['"deep/fleet.db"', 'deep/fleet.db'],
  ['DATABASE_URL="sqlite:fleet.db"', 'fleet.db'],
  ['DB_CONNECTION=sqlite\n# DB_HOST=127.0.0.1\nDB_DATABASE=fleet.db\nCACHE_DRIVER=file', 'fleet.db'],
  ['SQL_ENGINE=django.db.backends.sqlite3\nSQL_DATABASE="/srv/files/fleet.db"', '/srv/files/fleet.db'],
])('finds the file in %s', (text, file) => {
  expect(readConnectionString(text)).toMatchObject({ dbType: 'sqlite', address: { file }, credentials: {}, problems: [] });
});

it.each(['file:fleet.db?mode=rwc', 'sqlite::memory:', 'sqlite://', 'jdbc:sqlite:', 'DB_CONNECTION=sqlite'])('does not take %s', (text) => {
  expect(readConnectionString(text)).toMatchObject({ dbType: 'sqlite', address: {}, problems: [{ field: 'address.file' }] });
});

it('blocks what would change how the file is opened, and says what is not needed', () => {
  const read = readConnectionString('sqlite:///fleet.db?mode=rwc&vfs=unix-none&cache=shared');
  expect(read?.parameters.map(({ name, use }) => [name, use])).toEqual([
    ['mode', 'not_needed'],
    ['vfs', 'blocked'],
    ['cache', 'not_needed'],
  ]);
});

it.each(['postgresql://u:p@h/fleet.db', 'host=h dbname=fleet.db user=u', 'a word', 'SELECT 1 FROM fleet.db'])(
  'leaves %s to others',
  (text) => {
    expect(readConnectionString(text)?.dbType).not.toBe('sqlite');
  },
);
