import type { EngineId, ParsedString, StringReader } from '../../contract/engines.ts';
import { postgresStrings } from './postgres/strings.ts';
import { sqliteStrings } from './sqlite/strings.ts';

const readers: readonly StringReader[] = [postgresStrings, sqliteStrings];

/** Reads a pasted text with the reader that is surest of it, or with that of `dbType`; null when none knows it. Pure: the browser runs it too. */
export function readConnectionString(text: string, dbType?: EngineId): ParsedString | null {
  const ranked = readers
    .filter((reader) => dbType === undefined || reader.dbType === dbType)
    .map((reader) => ({ reader, sure: reader.recognises(text) }))
    .sort((a, b) => b.sure - a.sure);
  const [first] = ranked;
  return first && first.sure > 0 ? first.reader.read(text) : null;
}
