import { literal, within } from './literal.ts';
import type { MysqlSession } from './session.ts';

/** Whether the database holds tables of all these names that the login is shown: it is shown those on which it has any right. */
export async function holdsTables(session: MysqlSession, tables: readonly string[]): Promise<boolean> {
  const sql = session.flavour.catalog.holds.replace('{names}', tables.map(literal).join(', '));
  const [row] = await session.run(within(sql, session.place?.[0] ?? ''));
  return Number(row?.[0]) >= tables.length;
}
