import type { SqlServerSession } from './session.ts';

/** Whether one schema holds tables of all these names, as far as the login sees them. */
export async function holdsTables(session: SqlServerSession, tables: readonly string[]): Promise<boolean> {
  const names = tables.map((_, at) => `@n${at}`).join(', ');
  const text = `SELECT COUNT(*) FROM (SELECT schema_id FROM sys.tables WHERE name IN (${names}) GROUP BY schema_id HAVING COUNT(DISTINCT name) >= @wanted) found`;
  const values = Object.fromEntries(tables.map((table, at) => [`n${at}`, table]));
  const [row] = await session.run(text, { ...values, wanted: tables.length });
  return Number(row?.[0]) > 0;
}
