import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedCatalog, PublishedTable } from '../../src/server/engines/guard.ts';

/** A statement that has to be allowed; with values for its placeholders. */
export interface Legit {
  readonly sql: string;
  readonly parameters?: readonly (string | number)[];
  /** Where several kinds of database share the statements: the only one that can run it. */
  readonly only?: string;
}

/** A statement that has to be refused, by this rule. */
export interface Hostile {
  readonly sql: string;
  readonly kind: string;
  readonly rule: string;
  /** Where several kinds of database share the statements: the only one that would read it otherwise. */
  readonly only?: string;
}

function lines<T>(folder: string, name: string): T[] {
  const text = readFileSync(join(folder, 'corpus', name), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** The statements of an engine’s folder, and the SQL that makes the database they are about. */
export function statementsOf(folder: string): { legit: Legit[]; hostile: Hostile[]; schema: string } {
  return {
    legit: lines<Legit>(folder, 'legit.jsonl'),
    hostile: lines<Hostile>(folder, 'hostile.jsonl'),
    schema: readFileSync(join(folder, 'corpus', 'schema.sql'), 'utf8'),
  };
}

/** Tables and columns of the database of the statements that are not published. */
export const unpublished = { tables: ['secrets', 'salaries', 'sequence_of'], columns: ['pin'] } as const;

/** What is published of a database: all that is not named above. */
export function publishedOf(columns: readonly { schema: string; table: string; column: string }[]): PublishedCatalog {
  const tables = Map.groupBy(columns, ({ schema, table }) => `${schema}\0${table}`);
  return {
    types: ['pay_status'],
    tables: [...tables.values()].flatMap((all): PublishedTable[] => {
      const [first] = all;
      if (!first || (unpublished.tables as readonly string[]).includes(first.table)) return [];
      const names = all.map(({ column }) => column).filter((column) => !(unpublished.columns as readonly string[]).includes(column));
      return [{ schema: first.schema, name: first.table, kind: 'table', columns: names }];
    }),
  };
}

/** What hostile statements are about beyond that: published, so that a refusal is for the right reason. */
export function hostileTables(schema: string): PublishedTable[] {
  const tables = {
    users: 'id name email password a props',
    t: 'id a b c d v ts',
    u: 'id a',
    x: 'id',
    y: 'id',
    z: 'id',
    orders: 'id user_id customer_id total created_at',
    docs: 'id data',
  };
  return Object.entries(tables).map(([name, columns]) => ({ schema, name, kind: 'table', columns: columns.split(' ') }));
}

/** A random sequence that is the same for the same seed. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const words = /'(?:[^']|'')*'|"[^"]*"|[\w$]+|\s+|./gu;
/** What mutations reach for: names that are not published, ways to reach them, and the glue of SQL. */
const lures =
  `secrets pin value public main ops salaries riders staff r s name id pg_class sqlite_master ctid rowid * , . ( ) AS FROM JOIN NATURAL
  LATERAL USING WITH RECURSIVE SELECT UNION ALL LEFT WHERE IN EXISTS ON ORDER BY GROUP TABLE ONLY stolen row_to_json lower count to_jsonb
  (SELECT_value_FROM_secrets) secrets.value riders.pin r.pin public.secrets main.secrets r.stolen riders.* r.* (r).pin ROW(r.*) q`
    .split(/\s+/)
    .map((word) => (/^(AS_|,?\(SELECT_|GROUP_BY_pin|stations_)/.test(word) ? word.replaceAll('_', ' ') : word));

/** A statement with a few words changed, dropped, doubled, or taken from another statement. */
export function mutate(sql: string, others: readonly string[], random: (below: number) => number): string {
  const parts = sql.match(words) ?? [];
  const other = others[random(others.length)]?.match(words) ?? [];
  for (let change = 1 + random(3); change > 0; change--) {
    const at = random(parts.length + 1);
    const how = random(6);
    if (how === 0) parts.splice(at, 1);
    else if (how === 1) parts.splice(at, 0, ' ', lures[random(lures.length)] ?? '', ' ');
    else if (how === 2) parts.splice(at, 1, lures[random(lures.length)] ?? '');
    else if (how === 3) parts.splice(at, 0, parts[random(parts.length)] ?? '');
    else if (how === 4) parts.splice(at, random(4), ...other.slice(random(other.length)).slice(0, 1 + random(8)));
    else {
      const names = parts.map((part, index) => (/^[a-z]\w*$/i.test(part) ? index : -1)).filter((index) => index >= 0);
      const name = names[random(names.length)];
      if (name !== undefined) parts[name] = lures[random(lures.length)] ?? '';
    }
  }
  return parts.join('');
}
