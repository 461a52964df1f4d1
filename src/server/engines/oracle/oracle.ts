import type { Engine } from '../engine.ts';
import { inStages } from '../network/in-stages.ts';
import { addressSchema, bindingOf, isUnencrypted, placeOf } from './address.ts';
import { oracleDescription } from './describe.ts';
import { countTables, readFacts } from './facts.ts';
import { explain, explainAt } from './faults.ts';
import { oracleGrammar } from './grammar.ts';
import { holdsTables } from './holds-tables.ts';
import { openSession } from './open.ts';
import { readPrivileges } from './privileges.ts';
import { proveReading } from './read.ts';
import { runStatement } from './run.ts';
import { readServer } from './server.ts';
import type { OracleSession } from './session.ts';

/** Oracle Database 12.1 and later, spoken to without Oracle's own client software. */
export const oracle: Engine<OracleSession> = {
  id: 'oracle',
  description: oracleDescription,
  address: addressSchema,
  grammar: oracleGrammar,
  destination(address) {
    const { host, port, service } = placeOf(address);
    return { host, port, database: service };
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
