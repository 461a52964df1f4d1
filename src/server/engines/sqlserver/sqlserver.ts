import type { Engine } from '../engine.ts';
import { inStages } from '../network/in-stages.ts';
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
  ...inStages({ readServer, holdsTables, proveReading, readPrivileges, countTables, readFacts }, (error, stage, session) =>
    explainAt(error, stage, session.address),
  ),
  run: runStatement,
  sessions: 4,
  explain,
};
