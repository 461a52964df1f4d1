import type { EngineId } from '../../contract/engines.ts';
import { Fault } from '../platform/fault.ts';
import type { Engine } from './engine.ts';
import { mariadb } from './mariadb/mariadb.ts';
import { mysql } from './mysql/mysql.ts';
import { oracle } from './oracle/oracle.ts';
import { postgres } from './postgres/postgres.ts';
import { sqlite } from './sqlite/sqlite.ts';
import { sqlserver } from './sqlserver/sqlserver.ts';

/** Every engine there is, in the order in which people are offered them. */
export const engines: readonly Engine[] = [postgres, mysql, mariadb, sqlserver, oracle, sqlite];

/** Whether databases of this kind are entered with a login at all. */
export const takesLogin = (engine: Engine): boolean => engine.description.credentials.length > 0;

/** The engine of a kind of database; throws where it is not available in this version. */
export function engineOf(id: EngineId): Engine {
  const engine = engines.find((one) => one.id === id);
  if (engine) return engine;
  const available = engines.map((one) => one.id).join(', ');
  throw new Fault('request.invalid', { field: 'dbType', detail: `${id} is not available in this version. Available: ${available}.` });
}
