import { describe, expect, it } from 'vitest';
import { dice, echoing, formOf, logins, mark, mutations, nonsense, shownOf } from '../../../../tests/support/string-lab.ts';
import { readConnectionString } from '../strings.ts';
import { sqlserverStrings } from './strings.ts';

const read = sqlserverStrings.read;

describe('whatever the password is, it comes through', () => {
  const cases = logins(20_260_301, 200);
  const encode = encodeURIComponent;

  it('in .NET, in double and in single quotes, and is not shown', () => {
    for (const one of cases) {
      for (const quote of ['"', "'"]) {
        const password = quote + one.password.replaceAll(quote, quote + quote) + quote;
        const parsed = read(
          `Server=tcp:${one.host},${one.port};Database=${one.database};User Id=${one.username};Password=${password};Encrypt=True`,
        );
        expect(formOf(parsed)).toEqual(one);
        if (one.password.length > 5) expect(shownOf(parsed)).not.toContain(JSON.stringify(one.password).slice(1, -1));
      }
    }
  });
  it('in ODBC and JDBC, in braces', () => {
    for (const one of cases) {
      const password = `{${one.password.replaceAll('}', '}}')}}`;
      const odbc = `Driver={ODBC Driver 18 for SQL Server};Server=${one.host},${one.port};Database=${one.database};UID=${one.username};PWD=${password}`;
      expect(formOf(read(odbc))).toEqual(one);
      const jdbc = `jdbc:sqlserver://${one.host}:${one.port};databaseName=${one.database};password=${password};user=${one.username}`;
      expect(formOf(read(jdbc))).toEqual(one);
      expect(formOf(read(`mssql+pyodbc:///?odbc_connect=${encode(odbc)}`))).toEqual(one);
    }
  });
  it('in an encoded URL', () => {
    for (const one of cases)
      expect(formOf(read(`mssql://${one.username}:${encode(one.password)}@${one.host}:${one.port}/${one.database}`))).toEqual(one);
  });
  it('in a URL as it is, as the first reading or an alternative', () => {
    for (const made of cases) {
      const one = { ...made, password: made.password.replace(/%+(?=[0-9a-f]{2})/gi, '') };
      const parsed = read(`sqlserver://${one.username}:${one.password}@${one.host}:${one.port}/${one.database}`);
      expect([parsed, ...parsed.alternatives].map(formOf)).toContainEqual(one);
    }
  });
  it('in a command', () => {
    for (const one of cases) {
      const password = `'${one.password.replaceAll("'", "'\\''")}'`;
      expect(formOf(read(`sqlcmd -S ${one.host},${one.port} -d ${one.database} -U ${one.username} -P ${password}`))).toEqual(one);
    }
  });
});

describe('torn and hostile texts', () => {
  const { word } = dice(9);
  const seeds = [
    `Server=tcp:db.example.com,1433;Database=shop;User Id=reader;Password=${mark};Encrypt=True;TrustServerCertificate=False`,
    `Driver={ODBC Driver 18 for SQL Server};Server=db.example.com;UID=reader;PWD={${mark}};Database=shop`,
    `jdbc:sqlserver://db.example.com:1433;databaseName=shop;user=reader;password=${mark}`,
    `sqlserver://reader:${mark}@db.example.com:1433?database=shop`,
    `sqlcmd -S db.example.com -U reader -P ${mark} -d shop -N`,
    `MSSQL_HOST=db.example.com\nMSSQL_USER=reader\nMSSQL_PASSWORD=${mark}\nMSSQL_DATABASE=shop`,
  ];

  it('never throw, and what is taken for the password is in no line that is shown', () => {
    for (const seed of seeds) expect(shownOf(read(seed))).not.toContain(mark);
    const torn = mutations(seeds, 13, 2500);
    for (const text of torn) sqlserverStrings.recognises(text);
    expect(echoing(read, torn)).toEqual([]);
    for (let turn = 0; turn < 500; turn++) read(word('Server=;{}\'",\\:/@?&() \n\u0000mssql%€', 60));
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
      ',',
      '{',
      '}}',
      ';server=',
      ';driver=',
      ' -S',
      '%41',
      '\nX=y',
      '&a=',
      'a ',
      '[::',
    ];
    for (const text of nonsense(['sqlserver://', 'jdbc:sqlserver://h;', 'Server=a;', 'Driver={', 'sqlcmd ', 'MSSQL_HOST=', ''], pieces)) {
      readConnectionString(text);
      read(text);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
