import { beforeAll, describe, expect, test } from 'vitest';
import { bikesCatalog } from '../../../../tests/support/bikes.ts';
import type { Guard } from '../guard.ts';
import { loadGuard } from '../guards.ts';
import { mysqlDialect } from '../mysql/guard-dialect.ts';
import { oracleDialect } from '../oracle/guard-dialect.ts';
import { scanSql } from '../scan-sql.ts';
import { sqlserverDialect } from '../sqlserver/guard-dialect.ts';
import { eyesOf } from './eyes.ts';
import { Words } from './words.ts';

/** For each rewrite: a statement that needs it, what the parser is shown of it, and statements in which it might hide something. */
const cases = {
  mysql: {
    'GROUP BY … WITH ROLLUP': [
      'SELECT city, COUNT(*) FROM riders GROUP BY city WITH ROLLUP',
      'GROUP BY city            ',
      'SELECT city FROM riders GROUP BY city WITH ROLLUP (SELECT value FROM secrets)',
      'SELECT city FROM riders GROUP BY pin WITH ROLLUP',
    ],
    'a SOUNDS LIKE b': [
      "SELECT id FROM riders WHERE name SOUNDS LIKE 'a'",
      "name        LIKE 'a'",
      'SELECT id FROM riders WHERE name SOUNDS LIKE pin',
      "SELECT q.sounds LIKE 'x' FROM (SELECT 1 AS `like`) q",
    ],
    'EXTRACT(YEAR_MONTH FROM d), INTERVAL 1 DAY_HOUR': [
      'SELECT EXTRACT(YEAR_MONTH FROM born) FROM riders',
      'EXTRACT(YEAR       FROM born)',
      'SELECT YEAR_MONTH(1) FROM riders',
      'SELECT EXTRACT(YEAR_MONTH FROM pin) FROM riders',
    ],
    'CAST(a AS CHAR(10) CHARACTER SET utf8mb4)': [
      'SELECT CAST(name AS CHAR(10) CHARACTER SET utf8mb4) FROM riders',
      'CAST(name AS CHAR(10)                      )',
      'SELECT CAST(name AS CHAR(10) CHARACTER SET pin) FROM riders',
      'SELECT name CHARACTER SET utf8mb4 FROM riders',
      'SELECT CAST(name AS CHAR(10) CHARACTER SET utf8mb4 SLEEP(1)) FROM riders',
    ],
    'CHAR(77 USING utf8mb4)': [
      'SELECT CHAR(77 USING utf8mb4) FROM riders',
      'CHAR(77              )',
      'SELECT CHAR(77 USING utf8mb4, SLEEP(1)) FROM riders',
      'SELECT CHAR(pin USING utf8mb4) FROM riders',
    ],
    'a MOD b': ['SELECT id MOD 3 FROM rides', 'id %   3', 'SELECT id MOD pin FROM riders', 'SELECT id MOD SLEEP(1) FROM riders'],
    '!a': ['SELECT id FROM rides WHERE !(km > 3)', 'WHERE +(km > 3)', 'SELECT id FROM riders WHERE !pin', 'SELECT !SLEEP(1) FROM riders'],
  },
  sqlserver: {
    "(SELECT ', ' + a FROM t FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)')": [
      "SELECT (SELECT ', ' + name FROM stations FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)') AS n",
      `TYPE)${' '.repeat(28)} AS n`,
      "SELECT (SELECT name FROM stations FOR XML PATH(''), TYPE).value('sql:column(\"r.pin\")', 'nvarchar(max)') AS n FROM riders r",
      "SELECT (SELECT name FROM stations FOR XML PATH(''), TYPE).value('.', 'app.stolen') AS n",
      "SELECT (SELECT name FROM stations FOR XML PATH(''), TYPE).query('.') AS n",
      "SELECT (SELECT name type FROM stations).value('.', 'nvarchar(max)') AS n",
      "SELECT (SELECT value FROM secrets FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)') AS n",
    ],
    'GROUP BY … WITH CUBE, WITH ROLLUP': [
      'SELECT city FROM riders GROUP BY city WITH CUBE',
      'GROUP BY city          ',
      'SELECT city FROM riders GROUP BY city WITH CUBE DROP TABLE riders',
      'SELECT city FROM riders GROUP BY pin WITH CUBE',
    ],
    'GROUPING SETS ((a), (b), ())': [
      'SELECT city FROM riders GROUP BY GROUPING SETS ((city), ())',
      'ROLLUP        ((city), 0 )',
      'SELECT city FROM riders GROUP BY GROUPING SETS ((pin), ())',
      'SELECT city FROM riders GROUP BY GROUPING SETS ((stolen()), ())',
      'SELECT city FROM riders WHERE () GROUP BY GROUPING SETS (city)',
    ],
    'OPTION (RECOMPILE, MAXDOP 2, MAXRECURSION 100)': [
      'SELECT city FROM riders OPTION (RECOMPILE, MAXDOP 2, MAXRECURSION 100)',
      `FROM riders ${' '.repeat(46)}`,
      'SELECT city FROM riders OPTION (MAXRECURSION 0)',
      'SELECT city FROM riders OPTION (RECOMPILE) OPTION (RECOMPILE)',
      'SELECT city FROM riders OPTION (RECOMPILE, EXEC)',
      'SELECT city FROM riders OPTION ()',
    ],
    'FETCH NEXT @p1 ROWS ONLY': [
      'SELECT id FROM riders ORDER BY id OFFSET 1 ROWS FETCH NEXT @p1 ROWS ONLY',
      'FETCH NEXT 111 ROWS ONLY',
      'SELECT id FROM riders ORDER BY id OFFSET 1 ROWS FETCH NEXT @x ROWS ONLY',
    ],
    'INNER HASH JOIN': [
      'SELECT r.id FROM riders r INNER HASH JOIN staff s ON s.id = r.id',
      'INNER      JOIN',
      'SELECT r.id FROM riders r INNER REMOTE JOIN staff s ON s.id = r.id',
      'SELECT r.id FROM riders r INNER HASH JOIN secrets s ON s.id = r.id',
    ],
    'a !> b, a !< b': [
      'SELECT id FROM rides WHERE km !> 3 AND km !< 1',
      'km <= 3 AND km >= 1',
      'SELECT id FROM riders WHERE id !> pin',
      'SELECT id FROM riders WHERE id ! > 1',
    ],
    "PARSE(a AS date USING 'en-US')": [
      "SELECT PARSE(name AS date USING 'en-US') FROM riders",
      'CAST (name AS date              )',
      "SELECT PARSE(pin AS date USING 'en-US') FROM riders",
      'SELECT PARSE(name AS stolen) FROM riders',
      "SELECT name USING 'en-US' FROM riders",
    ],
    "JSON_OBJECT('a': b)": [
      "SELECT JSON_OBJECT('a': city) FROM riders",
      "JSON_OBJECT('a', city)",
      "SELECT JSON_OBJECT('a': pin) FROM riders",
      "SELECT CONCAT('a': city) FROM riders",
      'x: SELECT city FROM riders',
    ],
  },
  oracle: {
    'ORDER SIBLINGS BY a': [
      'SELECT name FROM staff CONNECT BY PRIOR id = boss_id ORDER SIBLINGS BY name',
      'ORDER          BY name',
      'SELECT name FROM staff CONNECT BY PRIOR id = boss_id ORDER SIBLINGS BY pin',
      'SELECT name FROM staff CONNECT BY PRIOR id = boss_id ORDER SIBLINGS BY stolen',
    ],
    'MAX(a) KEEP (DENSE_RANK LAST ORDER BY b)': [
      'SELECT MAX(km) KEEP (DENSE_RANK LAST ORDER BY id) FROM rides',
      'WITHIN GROUP (        ORDER BY id)',
      'SELECT MAX(id) KEEP (DENSE_RANK LAST ORDER BY pin) FROM riders',
      'SELECT MAX(id) KEEP (DENSE_RANK LAST ORDER BY stolen(1)) FROM riders',
      'SELECT MAX(id) KEEP (stolen LAST ORDER BY id) FROM riders',
    ],
    'a AT LOCAL': ['SELECT joined AT LOCAL AS l FROM riders', 'joined          AS l', 'SELECT pin AT LOCAL AS l FROM riders'],
    "JSON_QUERY(a, '$' WITH CONDITIONAL ARRAY WRAPPER)": [
      "SELECT JSON_QUERY(tags, '$' WITH CONDITIONAL ARRAY WRAPPER) AS q FROM riders",
      `'$'${' '.repeat(31)})`,
      "SELECT JSON_QUERY(pin, '$' WITH WRAPPER) AS q FROM riders",
      "SELECT NVL(tags, '$' WITH WRAPPER) AS q FROM riders",
      "SELECT JSON_QUERY(tags, '$' WITH stolen WRAPPER) AS q FROM riders",
    ],
    "JSON_VALUE(a, '$' NULL ON EMPTY), CAST(a AS NUMBER DEFAULT 0 ON CONVERSION ERROR)": [
      "SELECT JSON_VALUE(tags, '$' NULL ON EMPTY) AS v, CAST(name AS NUMBER DEFAULT 0 ON CONVERSION ERROR) AS n FROM riders",
      'CAST(name AS NUMBER                              )',
      'SELECT CAST(name AS NUMBER DEFAULT stolen ON CONVERSION ERROR) AS n FROM riders',
      'SELECT CAST(name AS NUMBER DEFAULT pin ON CONVERSION ERROR) AS n FROM riders',
      'SELECT name NULL ON EMPTY FROM riders',
    ],
    'a IS NOT JSON STRICT WITH UNIQUE KEYS': [
      'SELECT id FROM riders WHERE tags IS NOT JSON STRICT WITH UNIQUE KEYS',
      'IS NOT NULL',
      'SELECT id FROM riders WHERE pin IS JSON',
      'SELECT id FROM riders WHERE tags IS JSON stolen',
    ],
    "JSON_OBJECT(KEY 'a' VALUE b), JSON_OBJECT('a' : b)": [
      "SELECT JSON_OBJECT(KEY 'a' VALUE city, 'b' : name) AS j FROM riders",
      "JSON_OBJECT(    'a' VALUE city, 'b' , name)",
      "SELECT JSON_OBJECT('b' : pin) AS j FROM riders",
      "SELECT JSON_OBJECT(KEY 'a' VALUE stolen) AS j FROM riders",
    ],
    'NTH_VALUE(a, 2) FROM FIRST OVER (…)': [
      'SELECT NTH_VALUE(km, 2) FROM FIRST OVER (ORDER BY id) AS n FROM rides',
      'NTH_VALUE(km, 2)            OVER (ORDER BY id)',
      'SELECT NTH_VALUE(pin, 2) FROM FIRST OVER (ORDER BY id) AS n FROM riders',
      'SELECT UPPER(name) FROM last, secrets',
    ],
    'a ^= b': [
      'SELECT id FROM rides WHERE km ^= 3',
      'km <> 3',
      'SELECT id FROM riders WHERE id ^= pin',
      'SELECT id FROM riders WHERE id ^ = 3',
    ],
    'a = ANY (1, 2)': [
      'SELECT id FROM rides WHERE rating = ANY (4, 5)',
      'rating =     (4, 5)',
      'SELECT id FROM riders WHERE id = ANY (1, pin)',
      'SELECT id FROM riders WHERE id = ANY (stolen(1), 2)',
    ],
    'SELECT UNIQUE a': [
      'SELECT UNIQUE city FROM riders',
      'SELECT ALL    city',
      'SELECT UNIQUE pin FROM riders',
      'SELECT city UNIQUE FROM riders',
    ],
    'FROM t PARTITION (p)': [
      'SELECT id FROM shifts PARTITION (early) WHERE id > 1',
      `shifts ${' '.repeat(17)} WHERE`,
      'SELECT id FROM shifts PARTITION (stolen(1))',
      'SELECT id FROM secrets PARTITION (early)',
      'SELECT id, partition (id) name FROM shifts',
      'SELECT 1 + partition (id) staff_id FROM shifts',
    ],
    '1d, 1.5f': [
      'SELECT 1d AS a, 1.5f AS b FROM dual',
      'SELECT 1  AS a, 1.5  AS b',
      'SELECT 1x AS a FROM dual',
      'SELECT 1d2 AS a FROM dual',
    ],
    'VALIDATE_CONVERSION(a AS NUMBER)': [
      'SELECT VALIDATE_CONVERSION(name AS NUMBER) AS v FROM riders',
      `CAST${' '.repeat(15)}(name AS NUMBER)`,
      'SELECT VALIDATE_CONVERSION(pin AS NUMBER) AS v FROM riders',
      'SELECT VALIDATE_CONVERSION(name AS stolen) AS v FROM riders',
    ],
  },
} as const;

const places = [
  { engine: 'mysql', dialect: mysqlDialect, schema: 'bikes', upperCase: false },
  { engine: 'sqlserver', dialect: sqlserverDialect, schema: 'dbo', upperCase: false },
  { engine: 'oracle', dialect: oracleDialect, schema: 'APP', upperCase: true },
] as const;

describe.each(places)('what the parser of $engine is shown in other words', ({ engine, dialect, schema, upperCase }) => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await loadGuard(engine);
  });
  const published = bikesCatalog(schema, upperCase);
  const judge = (sql: string) => guard.classify({ sql, published, searchPath: [schema] });
  const listed = Object.entries(cases[engine]) as [string, readonly [string, string, ...string[]]][];

  test('is tested one by one', () => {
    expect(listed.map(([name]) => name).sort()).toEqual(dialect.rewrites.map((one) => one.name).sort());
  });

  test.each(listed)('%s', (name, [sql, shown, ...hiding]) => {
    const tokens = scanSql(sql, dialect.lexis);
    const alone = { ...dialect, rewrites: dialect.rewrites.filter((one) => one.name === name) };
    const eyes = eyesOf(new Words(sql, tokens), tokens, alone).text;
    expect(eyes).toHaveLength(sql.length);
    expect(eyes).toContain(shown);
    const result = judge(sql);
    if (!result.ok) throw new Error(`${result.refusal.rule}: ${result.refusal.message}`);
    // What is sent keeps the words of the person.
    const words = (text: string) => text.replace(/["`[\]]/g, '').replace(/\b(APP|SYS|dbo|bikes)\./g, '');
    expect(words(result.sql).toLowerCase()).toBe(words(sql).toLowerCase());
    for (const other of hiding) expect({ other, ok: judge(other).ok }).toEqual({ other, ok: false });
  });
});
