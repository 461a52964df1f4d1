import type { Engine } from '../engine.ts';
import { inStages } from '../network/in-stages.ts';
import { addressSchema, bindingOf, isUnencrypted, placeOf } from './address.ts';
import { countTables, readFacts } from './facts.ts';
import { explainAt, explainFor } from './faults.ts';
import type { Flavour } from './flavour.ts';
import { holdsTables } from './holds-tables.ts';
import { openSession } from './open.ts';
import { readPrivileges } from './privileges.ts';
import { proveReading } from './read.ts';
import { runStatement } from './run.ts';
import { readServer } from './server.ts';
import type { MysqlSession } from './session.ts';

/** An engine out of what one member of the family is. */
export const engineWith = (flavour: Flavour): Engine<MysqlSession> => ({
  id: flavour.id,
  description: flavour.description,
  address: addressSchema,
  grammar: flavour.grammar,
  destination(address) {
    const { host, port, database } = placeOf(address);
    return { host, port, database };
  },
  unencrypted: isUnencrypted,
  binding: bindingOf,
  open: (address, login, opening) => openSession(flavour, address, login, opening),
  ...inStages({ readServer, holdsTables, proveReading, readPrivileges, countTables, readFacts }, (error, stage, session) =>
    explainAt(error, stage, session.address, session.flavour),
  ),
  run: runStatement,
  sessions: 4,
  explain: explainFor(flavour),
});
