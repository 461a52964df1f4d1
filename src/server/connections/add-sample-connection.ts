import type { Connection } from '../../contract/connections.ts';
import { engines } from '../engines/registry.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { registerConnection } from './register-connection.ts';

/** Registers a database of our own making, so that a person without one can see the whole line work. Made where it is not there yet. */
export async function addSampleConnection(deps: ConnectionsDeps, actor: Actor, signal: AbortSignal): Promise<Connection> {
  for (const { id, sample } of engines) {
    if (!sample) continue;
    const address = await sample.make(deps.filesOf(actor.organizationId));
    const { name, description } = sample;
    const about = { name, description, purpose: 'analytics', environment: 'test', visibility: 'private' } as const;
    return registerConnection(deps, actor, { dbType: id, mode: 'guided', address, acknowledge: [], ...about }, signal);
  }
  throw new Fault('request.invalid', { detail: 'There is no sample in this version.' });
}
