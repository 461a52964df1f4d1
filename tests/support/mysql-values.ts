import type { LabStatements } from './engine-lab.ts';

/** A statement, and what it has to give. */
export type Exact = LabStatements['exact'];

/** What every member of the family gives in the same way. */
export const exactOfFamily: Exact = {
  sql: `SELECT 9223372036854775807 AS big, -5 AS small, 12345678901234567890.123456789012345678901234567890 AS decimals, CAST(1.10 AS DECIMAL(5,2)) AS scaled,
  k.f4 AS short, k.f8 AS \`long\`, -0e0 AS minus_zero, TRUE AS yes, NULL AS nothing, DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:00:00.123456' AS moment,
  k.bits, k.years, k.wide, k.small AS medium, k.moment AS utc, k.zero, k.day AS vague, k.span, k.many, k.shape, k.raw, k.json,
  'it''s ü 👾' AS words, X'00ff10' AS bytes, c.mood, ? AS bound, ? AS flag, ? AS missing, ? AS text FROM lab.kinds k LEFT JOIN lab.crew c ON c.id = 1`,
  parameters: [7, true, null, "'; DROP TABLE crew --"],
  expected: [
    ['big', 'bigint', '9223372036854775807'],
    ['small', 'bigint', '-5'],
    ['decimals', 'decimal', '12345678901234567890.123456789012345678901234567890'],
    ['scaled', 'decimal', '1.10'],
    ['short', 'float', 0.1],
    ['long', 'double', 0.1 + 0.2],
    ['minus_zero', 'double', '-0'],
    ['yes', 'bigint', '1'],
    ['nothing', 'null', null],
    ['day', 'date', '2024-02-29'],
    ['moment', 'datetime', '2024-02-29 12:00:00.123456'],
    ['bits', 'bit', '0000000101'],
    ['years', 'year', 1999],
    ['wide', 'bigint unsigned', '18446744073709551615'],
    ['medium', 'mediumint', -8388608],
    ['utc', 'timestamp', '2024-02-29 10:00:00.120'],
    ['zero', 'datetime', '0000-00-00 00:00:00.000000'],
    ['vague', 'date', '2024-00-00'],
    ['span', 'time', '-838:59:58.50'],
    ['many', 'set', 'a,b'],
    ['shape', 'geometry', 'POLYGON((0 0, 1 0, 1 1.5, 0 0))'],
    ['raw', 'varbinary', '\\x00ff10'],
    ['json', 'json', '{"a": 12345678901234567890}'],
    ['words', 'varchar', "it's ü 👾"],
    ['bytes', 'varbinary', '\\x00ff10'],
    ['mood', 'enum', null],
    ['bound', 'bigint', '7'],
    ['flag', 'tinyint', 1],
    ['missing', 'null', null],
    ['text', 'varchar', "'; DROP TABLE crew --"],
  ],
};

const changed = (exact: Exact, other: Readonly<Record<string, readonly [type: string, value?: string | number | null]>>): Exact => ({
  ...exact,
  expected: exact.expected.map(([name, type, value]) => {
    const [otherType = type, otherValue = value] = other[name] ?? [];
    return [name, otherType, otherValue];
  }),
});

/** What MySQL gives in its own way. */
export const exactOfMysql = (exact: Exact): Exact => changed(exact, { flag: ['bigint', '1'], missing: ['varchar'] });
/** What MariaDB gives in its own way. */
export const exactOfMariadb = (exact: Exact): Exact => changed(exact, { small: ['int', -5], minus_zero: ['double', 0], yes: ['int', 1] });
