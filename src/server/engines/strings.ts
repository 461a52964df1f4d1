import type { EngineId, ParsedString, StringReader } from '../../contract/engines.ts';
import { mariadbStrings } from './mariadb/strings.ts';
import { mysqlStrings } from './mysql/strings.ts';
import { oracleStrings } from './oracle/strings.ts';
import { postgresStrings } from './postgres/strings.ts';
import { sqliteStrings } from './sqlite/strings.ts';
import { sqlserverStrings } from './sqlserver/strings.ts';
import { hardly } from './string-reader.ts';

const readers: readonly StringReader[] = [postgresStrings, mysqlStrings, mariadbStrings, sqlserverStrings, oracleStrings, sqliteStrings];

/** A reader that is less sure than this is believed only where its engine was asked for: DB_HOST and DB_USER alone could be any's. */
const enough = 0.42;

/** Reads a pasted text with the reader that is surest of it, or with that of `dbType`; null when none knows it. Pure: the browser runs it too. */
export function readConnectionString(text: string, dbType?: EngineId): ParsedString | null {
  const ranked = readers.map((reader) => ({ reader, sure: reader.recognises(text) })).sort((a, b) => b.sure - a.sure);
  const [first] = ranked;
  const known = first !== undefined && first.sure > enough;
  if (dbType === undefined) return known ? first.reader.read(text) : null;
  const asked = ranked.find(({ reader }) => reader.dbType === dbType);
  return asked && asked.sure > (known ? hardly : 0) ? asked.reader.read(text) : null;
}
