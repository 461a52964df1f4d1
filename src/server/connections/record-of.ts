import type { FaultCode } from '../../contract/faults.ts';
import type { NewRecord } from '../audit/audit.ts';
import type { Actor } from '../platform/actor.ts';
import type { ConnectionRow } from './connection-store.ts';

/** The record of something done to a connection. */
export function recordOf(actor: Actor, row: ConnectionRow, action: NewRecord['action'], detail: NewRecord['detail'] = {}): NewRecord {
  return {
    organizationId: actor.organizationId,
    actor: { id: actor.userId, name: actor.name, via: actor.via },
    action,
    subject: 'connection',
    subjectId: row.id,
    outcome: 'done',
    detail: { name: row.name, ...detail },
  };
}

/** The record of something that was found by itself and that a person should look at. */
export function alertOf(row: ConnectionRow, code: FaultCode, detail: NewRecord['detail']): NewRecord {
  return {
    organizationId: row.organization_id,
    actor: { id: null, name: 'Portcullis', via: 'system' },
    action: 'connection.alerted',
    subject: 'connection',
    subjectId: row.id,
    outcome: 'done',
    detail: { name: row.name, code, ...detail },
  };
}
