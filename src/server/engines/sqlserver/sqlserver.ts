import type { StageName } from '../../../contract/connections.ts';
import type { Engine } from '../engine.ts';
import { addressSchema, bindingOf, isUnencrypted, placeOf } from './address.ts';
import { sqlServerDescription } from './describe.ts';
import { countTables, readFacts } from './facts.ts';
import { explain, explainAt } from './faults.ts';
import { sqlServerGrammar } from './grammar.ts';
import { holdsTables } from './holds-tables.ts';
import { openSession } from './open.ts';
import { readPrivileges } from './privileges.ts';
import { proveReading } from './read.ts';
import { runStatement } from './run.ts';
import { readServer } from './server.ts';
import type { SqlServerSession } from './session.ts';

/** Runs the work of a stage; whatever fails becomes a fault of that stage. */
async function at<T>(stage: StageName, session: SqlServerSession, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explainAt(error, stage, session.address);
  }
}

/** SQL Server, and what Microsoft and others run under its name. */
export const sqlserver: Engine<SqlServerSession> = {
  id: 'sqlserver',
  description: sqlServerDescription,
  address: addressSchema,
  grammar: sqlServerGrammar,
  destination(address) {
    const { host, port, database } = placeOf(address);
    return { host, port, database };
  },
  unencrypted: isUnencrypted,
  binding: bindingOf,
  open: openSession,
  server: (session) => at('version', session, readServer(session)),
  holds: (session, tables) => at('version', session, holdsTables(session, tables)),
  read: (session) => at('read', session, proveReading(session)),
  privileges: (session) => at('privilege', session, readPrivileges(session)),
  catalog: (session) => at('catalog', session, countTables(session)),
  async *facts(session, signal) {
    try {
      yield* readFacts(session, signal);
    } catch (error) {
      throw explainAt(error, 'catalog', session.address);
    }
  },
  run: runStatement,
  sessions: 4,
  explain,
};
