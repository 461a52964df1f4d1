import { readableSchemasSql, readableSql, readerSql } from './catalog.sql.ts';
import { idOf } from './facts-rows.ts';
import { oracleCode } from './faults.ts';
import type { OracleSession } from './session.ts';
import { inBatches } from './transaction.ts';

/** Whether the login may read a table of this schema and name. */
export type Readable = (schema: string | null | undefined, name: string | null | undefined) => boolean;

/** Schemas that are readable as a whole: only newer servers know of that, and an older one has no such view. */
async function readableSchemas(session: OracleSession): Promise<Set<string>> {
  if (Number.parseInt(session.version, 10) < 23) return new Set();
  try {
    return new Set((await session.run(readableSchemasSql)).map(([schema]) => schema ?? ''));
  } catch (error) {
    if (session.usable && oracleCode(error)?.startsWith('ORA-')) return new Set();
    throw error;
  }
}

/** What the login may read: its own, what was granted, and everything for whoever may read any table. Needs a transaction. */
export async function readReadable(session: OracleSession, tooMuch: () => Error): Promise<Readable> {
  const [reader] = await session.run(readerSql);
  const [self, any] = reader ?? [];
  if (Number(any) > 0) return () => true;
  const schemas = await readableSchemas(session);
  const granted = new Set<string>();
  for await (const rows of inBatches(session, readableSql, tooMuch)) for (const [schema, name] of rows) granted.add(idOf(schema, name));
  return (schema, name) => schema === self || schemas.has(schema ?? '') || granted.has(idOf(schema, name));
}
