import type { NewRecord } from '../audit/audit.ts';
import type { Actor } from '../platform/actor.ts';
import type { RunRow } from './run-store.ts';

/** The record of something that became of a run, by a person or by the server itself, with the name that its connection has now. */
export function recordOfRun(
  run: Pick<RunRow, 'id' | 'organization_id' | 'connection_id'>,
  connectionName: string,
  action: NewRecord['action'],
  outcome: NewRecord['outcome'],
  detail: NewRecord['detail'] = {},
  actor: Actor | null = null,
): NewRecord {
  return {
    organizationId: run.organization_id,
    actor: actor ? { id: actor.userId, name: actor.name, via: actor.via } : { id: null, name: 'Portcullis', via: 'system' },
    action,
    subject: 'connection',
    subjectId: run.connection_id,
    outcome,
    detail: { name: connectionName, run: run.id, ...detail },
  };
}
