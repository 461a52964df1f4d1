import type { OracleSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

/** Whether one schema holds tables of all these names. Oracle shows a login no table that it has no right to: of those nothing is known. */
export async function holdsTables(session: OracleSession, tables: readonly string[]): Promise<boolean> {
  if (tables.length === 0) return false;
  const places = tables.map((_, index) => `:${index + 1}`).join(', ');
  const sql = `SELECT COUNT(*) FROM (SELECT owner FROM sys.all_tables WHERE LOWER(table_name) IN (${places})
    GROUP BY owner HAVING COUNT(DISTINCT LOWER(table_name)) = :${tables.length + 1})`;
  const values = [...tables.map((name) => name.toLowerCase()), new Set(tables.map((name) => name.toLowerCase())).size];
  const [row] = await inReadOnly(session, () => session.run(sql, values));
  return Number(row?.[0]) > 0;
}
