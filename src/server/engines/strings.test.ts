import { describe, expect, it } from 'vitest';
import { engineIds } from '../../contract/engines.ts';
import { readConnectionString } from './strings.ts';

const kindOf = (...lines: string[]) => readConnectionString(lines.join('\n'))?.dbType ?? null;
const host = 'DB_HOST=db.example.com';
const user = 'DB_USER=reader';

describe('lines of variables that any kind of database has', () => {
  it.each([
    [['DB_CONNECTION=pgsql'], 'postgresql'],
    [['DB_TYPE=postgres'], 'postgresql'],
    [['DB_CONNECTION=mysql', 'DB_PORT=5432'], 'mysql'],
    [['DB_DRIVER=com.mysql.cj.jdbc.Driver'], 'mysql'],
    [['DIALECT=mariadb'], 'mariadb'],
    [['DB_CLIENT=mssql'], 'sqlserver'],
    [['DB_ENGINE=django.db.backends.oracle'], 'oracle'],
    [['CACHE_DRIVER=file', 'QUEUE_CONNECTION=sync', 'DB_CONNECTION=mysql'], 'mysql'],
  ] as const)('are of the kind that %j says', (said, kind) => {
    expect(kindOf(...said, host, user)).toBe(kind);
  });

  it.each([
    ['5432', 'postgresql'],
    ['3306', 'mysql'],
    ['1433', 'sqlserver'],
    ['1521', 'oracle'],
  ])('are of the kind whose usual port is %s', (port, kind) => {
    expect(kindOf(host, `DB_PORT=${port}`, user)).toBe(kind);
    expect(kindOf('REDIS_PORT=6379', 'SERVER_PORT=8080', 'CACHE_DRIVER=file', host, `DB_PORT=${port}`, user)).toBe(kind);
  });

  it.each([
    ['nothing says which', [host, user]],
    ['the port is nobody’s', [host, 'DB_PORT=6000', user]],
    ['another’s port is known', ['LOG_PORT=3306', host, user]],
    ['what is said is not known here', ['DB_CONNECTION=mongodb', host, 'DB_PORT=5432', user]],
  ])('are nobody’s where %s, until the kind is chosen', (_, lines) => {
    expect(kindOf(...lines)).toBeNull();
    for (const id of engineIds.filter((one) => one !== 'sqlite'))
      expect(readConnectionString(lines.join('\n'), id)).toMatchObject({
        dbType: id,
        address: { host: 'db.example.com' },
        credentials: { username: 'reader' },
      });
  });

  it('are not read as another kind than they say', () => {
    expect(readConnectionString(`DB_CONNECTION=mysql\n${host}\n${user}`, 'postgresql')).toBeNull();
    expect(readConnectionString(`DB_CONNECTION=sqlite\nDB_DATABASE=a.db\n${host}\n${user}`, 'postgresql')).toBeNull();
  });
});
