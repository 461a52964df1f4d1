import type { EngineId } from '../../contract/engines.ts';
import type { Guard } from './guard.ts';

/** The guard of each engine that can be asked, loaded when first needed: only that engine's parser, never a driver. */
const guards: Partial<Record<EngineId, () => Promise<Guard>>> = {
  postgresql: async () => (await import('./postgres/guard.ts')).postgresGuard,
  mysql: async () => (await import('./mysql/guard.ts')).mysqlGuard,
  mariadb: async () => (await import('./mariadb/guard.ts')).mariadbGuard,
  sqlserver: async () => (await import('./sqlserver/guard.ts')).sqlserverGuard,
  oracle: async () => (await import('./oracle/guard.ts')).oracleGuard,
  sqlite: async () => (await import('./sqlite/guard.ts')).sqliteGuard,
};

/** Whether statements for this kind of database can be judged, so that queries can be allowed at all. */
export function isGuarded(engine: EngineId): boolean {
  return guards[engine] !== undefined;
}

/** The guard of an engine, ready to judge. */
export async function loadGuard(engine: EngineId): Promise<Guard> {
  const load = guards[engine];
  if (!load) throw new Error(`there is no guard for ${engine}`);
  const guard = await load();
  await guard.ready();
  return guard;
}
