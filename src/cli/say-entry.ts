import type { AuditEntry } from '../contract/audit.ts';
import { say } from './print.ts';

/** An entry in full. */
export function sayEntry(entry: AuditEntry): void {
  const { actor, subject, connection, verdict, rule, detail } = entry;
  const rows: readonly (readonly [string, string | number | null])[] = [
    ['entry', entry.id],
    ['at', entry.at],
    ['by', `${actor.name}, via ${actor.via}${actor.id === null ? '' : ` (${actor.id})`}`],
    ['action', entry.action],
    connection
      ? ['connection', `${connection.name} (${connection.id})`.trim()]
      : ['done to', [subject.kind, subject.id].filter(Boolean).join(' ')],
    ['outcome', entry.outcome],
    ['verdict', verdict && (rule ? `${verdict} by ${rule}` : verdict)],
    ['fault', entry.fault],
    ['rows', entry.rows],
    ['bytes', entry.bytes],
    ['ms', entry.ms],
    ['credential', entry.slot],
    ['fingerprint', entry.fingerprint],
    ...Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
  ];
  for (const [name, value] of rows) if (value !== null && value !== '' && value !== 'null') say(`${name.padEnd(12)} ${value}`);
  if (entry.sql !== null) say('', ...entry.sql.split('\n'));
}
