import type { Engine } from '../engine.ts';
import { inStages } from '../network/in-stages.ts';
import { addressSchema, bindingOf, isUnencrypted, placeOf } from './address.ts';
import { postgresDescription } from './describe.ts';
import { countTables, readFacts } from './facts.ts';
import { explain, explainAt } from './faults.ts';
import { postgresGrammar } from './grammar.ts';
import { holdsTables } from './holds-tables.ts';
import { openSession } from './open.ts';
import { readPrivileges } from './privileges.ts';
import { proveReading } from './read.ts';
import { runStatement } from './run.ts';
import { readServer } from './server.ts';
import type { PostgresSession } from './session.ts';

/** PostgreSQL and what is built from it. */
export const postgres: Engine<PostgresSession> = {
  id: 'postgresql',
  description: postgresDescription,
  address: addressSchema,
  grammar: postgresGrammar,
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
