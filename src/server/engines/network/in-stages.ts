import type { Privileges, ServerFacts, StageName } from '../../../contract/connections.ts';
import type { Fault } from '../../platform/fault.ts';
import type { Engine, FactBatch, Session } from '../engine.ts';

/** What an engine does in an open session, stage by stage. */
export interface StageWork<S> {
  readServer(session: S): Promise<ServerFacts>;
  holdsTables(session: S, tables: readonly string[]): Promise<boolean>;
  proveReading(session: S): Promise<string>;
  readPrivileges(session: S): Promise<Privileges>;
  countTables(session: S): Promise<string>;
  readFacts(session: S, signal: AbortSignal): AsyncIterable<FactBatch>;
}

type Stages<S extends Session> = Pick<Engine<S>, 'server' | 'holds' | 'read' | 'privileges' | 'catalog' | 'facts'>;

/** The same as an engine offers it: whatever fails becomes a fault of its stage. */
export function inStages<S extends Session>(
  work: StageWork<S>,
  explain: (error: unknown, stage: StageName, session: S) => Fault,
): Stages<S> {
  async function at<T>(stage: StageName, session: S, doing: Promise<T>): Promise<T> {
    try {
      return await doing;
    } catch (error) {
      throw explain(error, stage, session);
    }
  }
  return {
    server: (session) => at('version', session, work.readServer(session)),
    holds: (session, tables) => at('version', session, work.holdsTables(session, tables)),
    read: (session) => at('read', session, work.proveReading(session)),
    privileges: (session) => at('privilege', session, work.readPrivileges(session)),
    catalog: (session) => at('catalog', session, work.countTables(session)),
    async *facts(session, signal) {
      try {
        yield* work.readFacts(session, signal);
      } catch (error) {
        throw explain(error, 'catalog', session);
      }
    },
  };
}
