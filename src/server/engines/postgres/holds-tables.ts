import type { PostgresSession } from './session.ts';

/** The catalogue of relations is readable to every login, also of tables that it may not read. */
const text = `
  SELECT count(*) FROM (
    SELECT c.relnamespace FROM pg_catalog.pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relname = ANY (pg_catalog.string_to_array($1, ','))
    GROUP BY c.relnamespace HAVING count(*) >= $2::int) found`;

/** Whether one schema holds tables of all these names (which hold no comma). */
export async function holdsTables(session: PostgresSession, tables: readonly string[]): Promise<boolean> {
  const [row] = await session.run(text, [tables.join(','), String(tables.length)]);
  return Number(row?.[0]) > 0;
}
