import { escapeLiteral } from 'pg';
import type { PostgresServer } from './postgres.ts';

const THINGS =
  'order invoice payment customer supplier shipment product contract employee ticket asset budget account device route ' +
  'policy claim patient lesson reservation';
const ASPECTS =
  'header line history status note attachment approval schedule limit rating balance event audit mapping forecast ' +
  'allocation summary archive rule target';
const FIELDS = 'amount quantity region currency priority owner channel category version score label source target code phase weight';

// One transaction locks everything it makes; this many tables stay far below the server's default of 3,840 locks.
const BATCH = 200;
const SCHEMAS = 10;

function pick(words: string, at: number): string {
  const list = words.split(' ');
  return list[at % list.length] ?? 'thing';
}

/** The name of the table with that number, without its schema. */
function generatedTable(number: number): string {
  return `${pick(THINGS, number)}_${pick(ASPECTS, Math.floor(number / 20))}_${number}`;
}

function qualified(number: number): string {
  return `area_${number % SCHEMAS}.${generatedTable(number)}`;
}

// varchar short enough to need no side table for long values, which would double the number of relations to create.
function definition(number: number, previous: number | null): string {
  const parent = previous === null ? '' : ` REFERENCES ${qualified(previous)}`;
  const fields = [0, 1, 2, 3].map((n) => `${pick(FIELDS, number + n * 4)}_${n} varchar(40)`);
  const comment = `Generated table ${number}: the ${pick(ASPECTS, Math.floor(number / 20))} of each ${pick(THINGS, number)}.`;
  return `CREATE TABLE ${qualified(number)} (id bigint PRIMARY KEY, parent_id bigint${parent}, ${fields.join(', ')},
    total numeric(12,2), valid_on date, changed_at timestamptz NOT NULL DEFAULT now(), active boolean);
    COMMENT ON TABLE ${qualified(number)} IS ${escapeLiteral(comment)};`;
}

/**
 * Creates a database with so many tables of ten columns, each with a primary key, a comment and, but for the first, a
 * foreign key to a table before it; for measuring. The tables are empty.
 */
export async function loadGenerated(server: PostgresServer, database: string, tables: number): Promise<void> {
  await server.createDatabase(database);
  const schemas = Array.from({ length: SCHEMAS }, (_, n) => `CREATE SCHEMA area_${n};`);
  await server.sql(schemas.join(''), database);
  for (let first = 0; first < tables; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, tables - first) }, (_, n) => first + n);
    const text = numbers.map((number) => definition(number, number === 0 ? null : number - 1));
    await server.sql(text.join('\n'), database);
  }
  await server.sql('ANALYZE', database);
}
