import { ChevronRight } from 'lucide-react';
import type { AuditEntry } from '../../../contract/audit.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { count, sayDuration, When } from '../../ui/when.tsx';
import { useDbConnectionsStore } from '../databases/use-db-connections-store.ts';
import { useEntry } from './audit-search.ts';
import { EntryDetail } from './entry-detail.tsx';
import { OutcomeBadge, sayAction, sayVia } from './entry-words.tsx';

type Detail = AuditEntry['detail'];
const textIn = (detail: Detail, key: string): string | null => {
  const value = detail[key];
  return (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : null;
};

/** Where something was that has no name yet, such as a database that was only tested. */
function whereIn(detail: Detail): string {
  const host = [textIn(detail, 'host'), textIn(detail, 'port')].filter(Boolean).join(':');
  return [host, textIn(detail, 'database')].filter(Boolean).join(' / ');
}

/** What an entry is about, in one line. */
function about({ sql, connection, subject, detail }: AuditEntry, nameOf: (id: string | null) => string | undefined): string {
  if (sql !== null) return sql.replace(/\s+/g, ' ').slice(0, 300);
  const name = textIn(detail, 'name') ?? textIn(detail, 'email');
  return connection?.name || nameOf(subject.id) || name || whereIn(detail) || subject.kind.replaceAll('_', ' ');
}

function amount({ rows, ms }: AuditEntry): string {
  return [rows !== null && `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`, ms !== null && sayDuration(ms)].filter(Boolean).join(' · ');
}

/** The rule or the fault that it ended by. */
const codeOf = ({ rule, fault, detail }: AuditEntry): string | null => rule ?? fault ?? textIn(detail, 'fault');

function OpenEntry({ listed }: { listed: AuditEntry }) {
  const { data, error, refetch } = useEntry(listed.id, listed);
  if (error) return <ErrorPanel error={error} retry={() => void refetch()} />;
  return <EntryDetail entry={data ?? listed} />;
}

interface Props {
  label: string;
  entries: readonly AuditEntry[];
  open: string | undefined;
  onOpen: (id: string | undefined) => void;
}

/** The entries, one line each; all that is known of one opens below it. */
export function EntryList({ label, entries, open, onOpen }: Props) {
  const { connections } = useDbConnectionsStore();
  const nameOf = (id: string | null) => connections.find((one) => one.id === id)?.name;
  return (
    <ul aria-label={label} className="card divide-y">
      {entries.map((entry) => {
        const isOpen = entry.id === open;
        return (
          <li key={entry.id}>
            <button
              type="button"
              aria-expanded={isOpen}
              aria-controls={`entry-${entry.id}`}
              onClick={() => onOpen(isOpen ? undefined : entry.id)}
              className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-2.5 text-left hover:bg-hover lg:grid-cols-[auto_7rem_7.5rem_12.5rem_minmax(0,1fr)_11rem]"
            >
              <ChevronRight aria-hidden className={`size-4 text-muted transition-transform ${isOpen ? 'rotate-90' : ''}`} />
              <span>
                <OutcomeBadge outcome={entry.outcome} />
              </span>
              <span className="text-right text-muted lg:text-left">
                <When at={entry.at} />
              </span>
              <span className="col-span-2 col-start-2 min-w-0 lg:col-span-1 lg:col-start-auto">
                <span className="block truncate font-medium">{sayAction(entry.action)}</span>
                <span className="block truncate text-xs text-muted">
                  <Untrusted text={entry.actor.name} />, {sayVia(entry.actor.via)}
                </span>
              </span>
              <span className="col-span-2 col-start-2 min-w-0 lg:col-span-1 lg:col-start-auto">
                <span className={`block truncate ${entry.sql === null ? '' : 'font-mono text-xs leading-5'}`}>
                  <Untrusted text={about(entry, nameOf)} />
                </span>
                {entry.sql !== null && entry.connection && (
                  <span className="block truncate text-xs text-muted">{entry.connection.name}</span>
                )}
              </span>
              <span className="col-span-2 col-start-2 text-xs text-muted lg:col-span-1 lg:col-start-auto lg:text-right">
                {codeOf(entry) ? <code className="font-mono break-all">{codeOf(entry)}</code> : amount(entry)}
              </span>
            </button>
            {isOpen && (
              <div id={`entry-${entry.id}`} className="border-t bg-sunken px-4 py-3">
                <OpenEntry listed={entry} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
