import type { StageName } from '../../../contract/connections.ts';
import type { Engine } from '../engine.ts';
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

/** Runs the work of a stage; whatever fails becomes a fault of that stage. */
async function at<T>(stage: StageName, session: MysqlSession, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explainAt(error, stage, session.address, session.flavour);
  }
}

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
  server: (session) => at('version', session, readServer(session)),
  holds: (session, tables) => at('version', session, holdsTables(session, tables)),
  read: (session) => at('read', session, proveReading(session)),
  privileges: (session) => at('privilege', session, readPrivileges(session)),
  catalog: (session) => at('catalog', session, countTables(session)),
  async *facts(session, signal) {
    try {
      yield* readFacts(session, signal);
    } catch (error) {
      throw explainAt(error, 'catalog', session.address, flavour);
    }
  },
  run: runStatement,
  sessions: 4,
  explain: explainFor(flavour),
});
