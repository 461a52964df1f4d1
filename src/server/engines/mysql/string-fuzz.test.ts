import { describe, expect, it } from 'vitest';
import { dice, echoing, formOf, logins, mark, mutations, nonsense, shownOf } from '../../../../tests/support/string-lab.ts';
import { mariadbStrings } from '../mariadb/strings.ts';
import { readConnectionString } from '../strings.ts';
import { mysqlStrings } from './strings.ts';

const read = mysqlStrings.read;

describe('whatever the password is, it comes through', () => {
  const cases = logins(20_260_201, 200);
  const encode = encodeURIComponent;
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;

  it('in an encoded URL, and is not shown', () => {
    for (const one of cases) {
      const parsed = read(`mysql://${one.username}:${encode(one.password)}@${one.host}:${one.port}/${one.database}`);
      expect(formOf(parsed)).toEqual(one);
      if (one.password.length > 5) expect(shownOf(parsed)).not.toContain(JSON.stringify(one.password).slice(1, -1));
    }
  });
  it('in JDBC', () => {
    for (const one of cases)
      expect(
        formOf(read(`jdbc:mysql://${one.host}:${one.port}/${one.database}?user=${one.username}&password=${encode(one.password)}`)),
      ).toEqual(one);
  });
  it('in a URL as it is, as the first reading or an alternative', () => {
    for (const made of cases) {
      const one = { ...made, password: made.password.replace(/%+(?=[0-9a-f]{2})/gi, '') };
      const parsed = read(`mysql://${one.username}:${one.password}@${one.host}:${one.port}/${one.database}`);
      expect([parsed, ...parsed.alternatives].map(formOf)).toContainEqual(one);
    }
  });
  it('in Go, as it is', () => {
    for (const one of cases)
      expect(formOf(read(`${one.username}:${one.password}@tcp(${one.host}:${one.port})/${one.database}`))).toEqual(one);
  });
  it('in .NET', () => {
    for (const one of cases)
      expect(
        formOf(
          read(
            `Server=${one.host};Port=${one.port};Database=${one.database};Uid=${one.username};Pwd="${one.password.replaceAll('"', '""')}"`,
          ),
        ),
      ).toEqual(one);
  });
  it('in a command', () => {
    for (const one of cases)
      expect(formOf(read(`mysql -h ${one.host} -P ${one.port} -u ${one.username} -p${quoted(one.password)} ${one.database}`))).toEqual(one);
  });
});

describe('torn and hostile texts', () => {
  const { word } = dice(7);
  const seeds = [
    `mysql://reader:${mark}@db.example.com:3307/shop?sslMode=REQUIRED&connectTimeout=5`,
    `jdbc:mysql://db.example.com/shop?user=reader&password=${mark}`,
    `reader:${mark}@tcp(db.example.com:3306)/shop?tls=true`,
    `mysql -h db.example.com -u reader --password=${mark} shop`,
    `Server=db.example.com;Port=3306;Uid=reader;Pwd=${mark};SslMode=None`,
    `MYSQL_HOST=db.example.com\nMYSQL_USER=reader\nMYSQL_PASSWORD=${mark}\nMYSQL_DATABASE=shop`,
  ];

  it('never throw, and what is taken for the password is in no line that is shown', () => {
    for (const seed of seeds) expect(shownOf(read(seed))).not.toContain(mark);
    const torn = mutations(seeds, 11, 2500);
    for (const text of torn) mysqlStrings.recognises(text);
    expect(echoing(read, torn)).toEqual([]);
    expect(echoing(mariadbStrings.read, torn)).toEqual([]);
    for (let turn = 0; turn < 500; turn++) read(word('mysql:/@?&=;(){}[]\'"\\ \n\u0000-ph%€', 60));
  });

  it('are read quickly', () => {
    const started = performance.now();
    const pieces = [
      '@',
      ':',
      '/',
      '=',
      "'",
      '"',
      '\\',
      ' ',
      ';',
      'a=',
      'a=;',
      '@tcp(',
      '@a(b)/',
      '%41',
      '\nX=y',
      'DB_',
      ' -a',
      '{',
      '}}',
      '&a=',
    ];
    for (const text of nonsense(['mysql://', 'a:b@tcp(h)/', 'Server=a;', 'mysql ', 'MYSQL_HOST=', ''], pieces)) {
      readConnectionString(text);
      read(text);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
