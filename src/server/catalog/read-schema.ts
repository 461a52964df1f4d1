import type { Address } from '../../contract/connections.ts';
import type { OpenedSession } from '../connections/connections.ts';
import type { FactBatch } from '../engines/engine.ts';
import { Fault } from '../platform/fault.ts';
import { quantity } from '../platform/quantity.ts';
import { Assembly } from './assemble-tables.ts';
import { breather } from './breather.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import type { RunProgress } from './run-progress.ts';
import { untilAborted } from './until-aborted.ts';

/** Milliseconds that one query of the catalogue may take in the database. */
const STATEMENT_LIMIT = 300_000;

/** What was read, and of which version of the connection. */
export interface ReadSchema {
  readonly assembly: Assembly;
  readonly version: number;
}

/** Reads the catalogue of a connection. Whoever asked closes the assembly. Every failure is a Fault. */
export async function readSchema(
  deps: CatalogDeps,
  connectionId: string,
  address: Address,
  signal: AbortSignal,
  progress: RunProgress,
): Promise<ReadSchema> {
  progress.enter('connect', null);
  const opened = await deps.openSession(connectionId, { signal, statementTimeoutMs: STATEMENT_LIMIT });
  try {
    await progress.log('Connected');
    const assembly = await readFacts(opened, signal, progress);
    return { assembly, version: opened.version };
  } catch (error) {
    throw signal.aborted || error instanceof Fault ? error : opened.engine.explain(error, 'catalog', address);
  } finally {
    await opened.close();
  }
}

async function readFacts(opened: OpenedSession, signal: AbortSignal, progress: RunProgress): Promise<Assembly> {
  const assembly = new Assembly();
  try {
    await addFacts(assembly, opened, signal, progress);
    return assembly;
  } catch (error) {
    assembly.close();
    throw error;
  }
}

async function addFacts(assembly: Assembly, { engine, session }: OpenedSession, signal: AbortSignal, progress: RunProgress): Promise<void> {
  const breathe = breather();
  let phase: FactBatch['phase'] = 'tables';
  progress.enter(phase, null);
  for await (const batch of untilAborted(engine.facts(session, signal), signal)) {
    if (batch.phase !== phase) {
      await progress.log(lineOf(phase, assembly));
      phase = batch.phase;
      progress.enter(phase, assembly.counts.tables);
    }
    for (const fact of batch.facts) {
      assembly.add(fact);
      const pause = breathe();
      if (pause) await pause;
    }
    if (phase === 'tables') progress.at(assembly.counts.tables, null);
    else progress.at(phase === 'columns' ? assembly.begun : assembly.counts.tables, assembly.counts.tables);
  }
  await progress.log(lineOf(phase, assembly));
}

function lineOf(phase: FactBatch['phase'], { counts }: Assembly): string {
  switch (phase) {
    case 'tables':
      return `Read ${quantity(counts.tables, 'table')} in ${quantity(counts.schemas, 'schema')}`;
    case 'columns':
      return `Read ${quantity(counts.columns, 'column')}`;
    case 'keys':
      return `Read ${quantity(counts.keys, 'key')}, ${quantity(counts.foreignKeys, 'foreign key')} and ${quantity(counts.indexes, 'index', 'indexes')}`;
    case 'comments':
      return `Read ${quantity(counts.comments, 'comment')}`;
  }
}
