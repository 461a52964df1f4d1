import { describe, expect, it } from 'vitest';
import { dice, echoing, formOf, logins, mark, mutations, nonsense, shownOf } from '../../../../tests/support/string-lab.ts';
import { readConnectionString } from '../strings.ts';
import { oracleStrings } from './strings.ts';

const read = oracleStrings.read;

describe('whatever the password is, it comes through', () => {
  // This world has no quote in a password, and its unquoted ones neither begin nor end with a blank.
  const cases = logins(20_260_401, 200).map(({ database, ...one }) => ({
    ...one,
    service: `s${database}`,
    naming: 'service',
    password: one.password.replaceAll('"', '').trim() || 'x',
  }));
  const encode = encodeURIComponent;
  const readings = (text: string) => {
    const parsed = read(text);
    return [parsed, ...parsed.alternatives].map(formOf);
  };

  it('in an encoded URL, and is not shown', () => {
    for (const one of cases) {
      const parsed = read(`oracle://${one.username}:${encode(one.password)}@${one.host}:${one.port}/${one.service}`);
      expect(formOf(parsed)).toEqual(one);
      if (one.password.length > 5) expect(shownOf(parsed)).not.toContain(JSON.stringify(one.password).slice(1, -1));
    }
  });
  it('in a URL as it is, as the first reading or an alternative', () => {
    for (const made of cases) {
      const one = { ...made, password: made.password.replace(/%+(?=[0-9a-f]{2})/gi, '') || 'x' };
      expect(readings(`oracle://${one.username}:${one.password}@${one.host}:${one.port}/${one.service}`)).toContainEqual(one);
    }
  });
  it('in a login, in quotes and as it is', () => {
    for (const one of cases) {
      expect(readings(`${one.username}/"${one.password}"@//${one.host}:${one.port}/${one.service}`)).toContainEqual(one);
      expect(readings(`jdbc:oracle:thin:${one.username}/${one.password}@//${one.host}:${one.port}/${one.service}`)).toContainEqual(one);
    }
  });
  it('in .NET', () => {
    for (const one of cases)
      expect(formOf(read(`Data Source=${one.host}:${one.port}/${one.service};User Id=${one.username};Password="${one.password}"`))).toEqual(
        one,
      );
  });
  it('in a command', () => {
    for (const one of cases) {
      const login = `${one.username}/"${one.password}"@//${one.host}:${one.port}/${one.service}`;
      expect(readings(`sqlplus -S '${login.replaceAll("'", "'\\''")}'`)).toContainEqual(one);
    }
  });
});

describe('torn and hostile texts', () => {
  const { word } = dice(15);
  const seeds = [
    `reader/${mark}@db.example.com:1521/shop?connect_timeout=5`,
    `jdbc:oracle:thin:reader/${mark}@//db.example.com:1521/shop`,
    `oracle+oracledb://reader:${mark}@db.example.com:1521/?service_name=shop`,
    `sqlplus -S reader/${mark}@db.example.com:1521/shop as sysdba`,
    `reader/${mark}@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCPS)(HOST=db.example.com)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=shop)))`,
    `Data Source=db.example.com:1521/shop;User Id=reader;Password=${mark}`,
    `ORACLE_DSN=db.example.com:1521/shop\nORACLE_USER=reader\nORACLE_PASSWORD=${mark}`,
  ];

  it('never throw, and what is taken for the password is in no line that is shown', () => {
    for (const seed of seeds) expect(shownOf(read(seed))).not.toContain(mark);
    const torn = mutations(seeds, 17, 2500);
    for (const text of torn) oracleStrings.recognises(text);
    expect(echoing(read, torn)).toEqual([]);
    for (let turn = 0; turn < 500; turn++) read(word('(ADRESHOT=)/@:;"\'\\ \n\u0000?&,[]tcps%€', 60));
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
      '(',
      ')',
      '(a=',
      '(a=b)',
      ',a',
      '@h:1521/s',
      '\n',
      '#\n',
      'a=(',
      '%41',
      '\nX=y',
      '&a=',
      ' -S',
      '.',
      'a/',
    ];
    for (const text of nonsense(
      ['oracle://', 'jdbc:oracle:thin:', 'a/b@', '(DESCRIPTION=', 'sqlplus ', 'ORACLE_HOST=', 'Data Source=h/s;', ''],
      pieces,
    )) {
      readConnectionString(text);
      read(text);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
