import { createHash } from 'node:crypto';
import type { Privileges, StageName } from '../../../contract/connections.ts';
import { quantity } from '../../platform/quantity.ts';
import type { Engine } from '../engine.ts';
import { addressSchema, placeOf } from './address.ts';
import { countSql } from './catalog.sql.ts';
import { sqliteDescription } from './describe.ts';
import { countTables, holdsTables, readFacts } from './facts.ts';
import { explain } from './faults.ts';
import { sqliteGrammar } from './grammar.ts';
import { openSession } from './open.ts';
import { askCatalog } from './own.ts';
import { runStatement } from './run.ts';
import { sample } from './sample/sample.ts';
import type { SqliteSession } from './session.ts';

/** Runs the work of a stage; whatever fails becomes a fault of that stage. */
async function at<T>(stage: StageName, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explain(error, stage, {});
  }
}

async function proveReading(session: SqliteSession): Promise<string> {
  await askCatalog(session, countSql);
  return 'The file can be read; a write is refused by the file (SQLite result 8) and by the session (23)';
}

/** What could be changed: nothing, by how the file was opened, which is why there is nothing to ask the database about. */
async function readPrivileges(session: SqliteSession): Promise<Privileges> {
  const [[tables, views] = []] = await askCatalog(session, countSql);
  const relations = Number(tables ?? 0) + Number(views ?? 0);
  return {
    grade: 'read_only',
    summary: `Cannot write: the file is open for reading alone. ${quantity(relations, 'table')} readable.`,
    relations,
    readable: relations,
    writable: 0,
    excess: [],
    proof: [
      'BEGIN; CREATE TABLE … before anything but the open file protected it: refused, SQLite result 8 (read-only)',
      'The same in the session as statements find it: refused, SQLite result 23 (not authorised)',
      'Set: query_only, defensive, no attached files, no extensions, an authorizer that allows reading and computing alone',
    ],
    script: '-- SQLite has no logins. To make sure that no one writes, let the file belong to another system user, readable only.',
  };
}

const identityOf = (path: string): string => `file/${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;

/** SQLite files on the server that Portcullis runs on. */
export const sqlite: Engine<SqliteSession> = {
  id: 'sqlite',
  description: sqliteDescription,
  address: addressSchema,
  grammar: sqliteGrammar,
  destination: (address) => ({ host: null, port: null, database: placeOf(address).file }),
  unencrypted: () => false,
  binding: (address, username) => ({ file: placeOf(address).file, user: username }),
  open: openSession,
  async server({ version, path }) {
    return { product: 'SQLite', version, dialect: 'sqlite', identity: identityOf(path), replica: false, encryption: null };
  },
  holds: (session, tables) => at('version', holdsTables(session, tables)),
  read: (session) => at('read', proveReading(session)),
  privileges: (session) => at('privilege', readPrivileges(session)),
  catalog: (session) => at('catalog', countTables(session)),
  async *facts(session, signal) {
    try {
      yield* readFacts(session, signal);
    } catch (error) {
      throw explain(error, 'catalog', {});
    }
  },
  run: runStatement,
  sessions: 2,
  sample,
  explain,
};
