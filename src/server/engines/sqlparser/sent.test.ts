import { beforeAll, describe, expect, test } from 'vitest';
import type { EngineId } from '../../../contract/engines.ts';
import type { Guard, PublishedCatalog } from '../guard.ts';
import { loadGuard } from '../guards.ts';

const table = (schema: string, name: string, ...columns: string[]) => ({ schema, name, kind: 'table' as const, columns });

/** Statements, and what is sent of them; null where they are refused. The column pin exists and is not published. */
const cases: { engine: EngineId; catalog: PublishedCatalog; searchPath: string[]; statements: [string, string | null][] }[] = [
  {
    engine: 'mysql',
    catalog: { tables: [table('shop', 'riders', 'id', 'Name'), table('shop', 'rides', 'id', 'rider_id'), table('ops', 'vans', 'id')] },
    searchPath: ['shop'],
    statements: [
      ['SELECT name FROM riders', 'SELECT name FROM `shop`.`riders`'],
      ['select NAME from `riders` r;;', 'select NAME from `shop`.`riders` r'],
      ['SELECT * FROM riders', 'SELECT `riders`.`id`, `riders`.`Name` FROM `shop`.`riders`'],
      ['SELECT r.* FROM riders r', 'SELECT `r`.`id`, `r`.`Name` FROM `shop`.`riders` r'],
      ['SELECT id FROM Riders WHERE Riders.id = 1', 'SELECT id FROM `shop`.`riders` AS `Riders` WHERE Riders.id = 1'],
      ['SELECT id FROM ops.vans', 'SELECT id FROM `ops`.`vans`'],
      ['SELECT ops.vans.id FROM ops.vans', 'SELECT ops.vans.id FROM `ops`.`vans`'],
      ['SELECT id/* a */FROM/**/riders -- b', 'SELECT id FROM `shop`.`riders`'],
      ['SELECT COUNT (*) FROM riders', 'SELECT COUNT(*) AS `COUNT (*)` FROM `shop`.`riders`'],
      [
        'SELECT (SELECT MAX(id) FROM rides) FROM riders',
        'SELECT (SELECT MAX(id) FROM `shop`.`rides`) AS `(SELECT MAX(id) FROM rides)` FROM `shop`.`riders`',
      ],
      [
        'SELECT (SELECT pin FROM riders) FROM (SELECT 1 AS pin) q',
        'SELECT (SELECT `q`.pin FROM `shop`.`riders`) AS `(SELECT pin FROM riders)` FROM (SELECT 1 AS pin) q',
      ],
      [
        'SELECT id AS pin FROM riders HAVING pin > 1',
        'SELECT id AS pin FROM (SELECT `id`, `Name` FROM `shop`.`riders`) AS `riders` HAVING pin > 1',
      ],
      ['SELECT id AS pin FROM riders ORDER BY pin', 'SELECT id AS pin FROM `shop`.`riders` ORDER BY pin'],
      [
        'SELECT * FROM riders NATURAL JOIN rides',
        'SELECT * FROM (SELECT `id`, `Name` FROM `shop`.`riders`) AS `riders` NATURAL JOIN (SELECT `id`, `rider_id` FROM `shop`.`rides`) AS `rides`',
      ],
      ['WITH Q AS (SELECT id FROM riders) SELECT id FROM q', 'WITH Q AS (SELECT id FROM `shop`.`riders`) SELECT id FROM `Q`'],
      ['WITH Riders AS (SELECT 1 AS id) SELECT id FROM riders', null],
      ['SELECT * FROM riders FORCE INDEX (x) NATURAL JOIN rides', null],
      ['SELECT id FROM riders WHERE id = ? OR id = ?', 'SELECT id FROM `shop`.`riders` WHERE id = ? OR id = ?'],
    ],
  },
  {
    engine: 'mariadb',
    catalog: { tables: [table('shop', 'riders', 'id'), table('ops', 'riders', 'id'), table('ops', 'vans', 'id')] },
    searchPath: [],
    statements: [
      ['SELECT id FROM vans', 'SELECT id FROM `ops`.`vans`'],
      ['SELECT id FROM riders', null],
      ['SELECT id FROM shop.riders', 'SELECT id FROM `shop`.`riders`'],
    ],
  },
  {
    engine: 'sqlserver',
    catalog: { tables: [table('dbo', 'Riders', 'Id', 'Name'), table('dbo', 'odd]name', 'a b')] },
    searchPath: ['dbo'],
    statements: [
      ['SELECT Name FROM Riders', 'SELECT Name FROM [dbo].[Riders]'],
      ['SELECT name FROM riders', 'SELECT [Name] AS [name] FROM [dbo].[Riders] AS [riders]'],
      ['SELECT UPPER(name) AS u FROM Riders WHERE id = 1', 'SELECT UPPER([Name]) AS u FROM [dbo].[Riders] WHERE [Id] = 1'],
      ['SELECT [a b] FROM [odd]]name]', 'SELECT [a b] FROM [dbo].[odd]]name]'],
      ['SELECT Id FROM Riders WHERE Id = ? AND Name = ?', 'SELECT Id FROM [dbo].[Riders] WHERE Id = @p1 AND Name = @p2'],
      ['SELECT Id FROM Riders WHERE Id = @P2 OR Id = @p1', 'SELECT Id FROM [dbo].[Riders] WHERE Id = @p2 OR Id = @p1'],
      // A column Pin would be another one where letter case counts.
      [
        'SELECT Name AS Pin FROM Riders ORDER BY pin',
        'SELECT Name AS Pin FROM (SELECT [Id], [Name] FROM [dbo].[Riders]) AS [Riders] ORDER BY pin',
      ],
      ['SELECT q.Pin FROM (SELECT 1 AS pin) q, Riders', 'SELECT q.[pin] AS [Pin] FROM (SELECT 1 AS pin) q, [dbo].[Riders]'],
      [
        'SELECT * FROM Riders PIVOT (MAX(Id) FOR Name IN ([x])) p',
        'SELECT * FROM (SELECT [Id], [Name] FROM [dbo].[Riders]) AS [Riders] PIVOT (MAX(Id) FOR Name IN ([x])) p',
      ],
      ['SELECT Id FROM other.dbo.Riders', null],
    ],
  },
  {
    engine: 'oracle',
    catalog: { tables: [table('APP', 'RIDERS', 'ID', 'NAME'), table('APP', 'Mixed', 'Id')] },
    searchPath: ['APP'],
    statements: [
      ['SELECT name FROM riders', 'SELECT name FROM "APP"."RIDERS"'],
      ['SELECT "Id" FROM "Mixed"', 'SELECT "Id" FROM "APP"."Mixed"'],
      ['SELECT Id FROM Mixed', null],
      ['SELECT * FROM riders r', 'SELECT "R"."ID", "R"."NAME" FROM "APP"."RIDERS" r'],
      ['SELECT 1 FROM dual', 'SELECT 1 FROM "SYS"."DUAL"'],
      ['SELECT id FROM riders WHERE id = :id AND name = :"x"', null],
      ['SELECT id FROM riders WHERE id = :id AND name = :name', 'SELECT id FROM "APP"."RIDERS" WHERE id = :1 AND name = :2'],
      ['SELECT id FROM riders WHERE id = :id OR id = :id', null],
      // A column of that name would be taken instead of the clock.
      ['SELECT SYSDATE, SYSTIMESTAMP FROM riders', 'SELECT SYSDATE, SYSTIMESTAMP FROM (SELECT "ID", "NAME" FROM "APP"."RIDERS") "RIDERS"'],
      [
        'SELECT app.riders.name FROM riders NATURAL JOIN dual',
        'SELECT riders.name FROM (SELECT "ID", "NAME" FROM "APP"."RIDERS") "RIDERS" NATURAL JOIN "SYS"."DUAL"',
      ],
      ['SELECT app.riders.name FROM riders', 'SELECT app.riders.name FROM "APP"."RIDERS"'],
      ['SELECT name AS "a b" FROM riders', 'SELECT name AS "a b" FROM "APP"."RIDERS"'],
    ],
  },
];

describe.each(cases)('$engine sends', ({ engine, catalog, searchPath, statements }) => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await loadGuard(engine);
  });
  test.each(statements)('%s', (sql, sent) => {
    const result = guard.classify({ sql, published: catalog, searchPath });
    expect(result.ok ? result.sql.replace(/ +/g, ' ') : null).toBe(sent);
  });
});
