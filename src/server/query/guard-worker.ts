import { parentPort, workerData } from 'node:worker_threads';
import type { EngineId } from '../../contract/engines.ts';
import type { Guard, GuardResult, PublishedCatalog } from '../engines/guard.ts';
import { loadGuard } from '../engines/guards.ts';

/** What the worker is asked; catalogues are sent once and go by a key from then on. */
export type GuardOrder =
  | { readonly kind: 'load'; readonly engine: EngineId }
  | { readonly kind: 'keep'; readonly engine: EngineId; readonly key: string; readonly published: PublishedCatalog }
  | { readonly kind: 'forget'; readonly engine: EngineId; readonly key: string }
  | {
      readonly kind: 'classify';
      readonly engine: EngineId;
      readonly key: string;
      readonly sql: string;
      readonly searchPath: readonly string[];
    };

/** `trapped` is a parser that gave up on the text; its memory is not to be trusted afterwards. */
export type GuardAnswer = { readonly result: GuardResult | null } | { readonly trapped: boolean; readonly message: string };

const port = parentPort;
if (!port) throw new Error('this file runs as a worker');
/** Microseconds of processor time at which the order under way began: whoever waits can tell a busy parser from a busy machine. */
const began = new Float64Array((workerData as { clock: SharedArrayBuffer }).clock);
const guards = new Map<EngineId, Guard>();
const catalogs = new Map<string, PublishedCatalog>();

async function guardOf(engine: EngineId): Promise<Guard> {
  const guard = guards.get(engine) ?? (await loadGuard(engine));
  guards.set(engine, guard);
  return guard;
}

async function obey(order: GuardOrder): Promise<GuardResult | null> {
  const guard = await guardOf(order.engine);
  if (order.kind === 'load') return null;
  const published = catalogs.get(order.key);
  if (order.kind === 'keep') {
    catalogs.set(order.key, order.published);
    guard.prepare(order.published);
    return null;
  }
  if (order.kind === 'forget') {
    if (published) guard.forget(published);
    catalogs.delete(order.key);
    return null;
  }
  if (!published) throw new Error('the catalogue is not here');
  return guard.classify({ sql: order.sql, published, searchPath: order.searchPath });
}

async function answer(order: GuardOrder): Promise<GuardAnswer> {
  const { user, system } = process.threadCpuUsage();
  began[0] = user + system;
  try {
    return { result: await obey(order) };
  } catch (error) {
    const trapped = error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');
    return { trapped, message: error instanceof Error ? error.message : String(error) };
  }
}

port.on('message', async (order: GuardOrder) => port.postMessage(await answer(order)));
