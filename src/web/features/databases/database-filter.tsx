import { Search } from 'lucide-react';
import type { Connection } from '../../../contract/connections.ts';
import { Select } from '../../ui/select.tsx';
import { isBeingRead, isReady, needsAttention } from './use-db-connections-store.ts';

export type Show = 'ready' | 'reading' | 'attention' | 'disabled';

const shows: Record<Show, (connection: Connection) => boolean> = {
  ready: isReady,
  reading: isBeingRead,
  attention: needsAttention,
  disabled: (connection) => !connection.isActive,
};

/** What of the list the address asks for. */
export function filtered(connections: readonly Connection[], q: string | undefined, show: Show | undefined): Connection[] {
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return connections.filter((connection) => {
    const text = [connection.name, connection.description, connection.environment, connection.dbType, ...Object.values(connection.address)]
      .join(' ')
      .toLowerCase();
    return (!show || shows[show](connection)) && words.every((word) => text.includes(word));
  });
}

/** Search and filter over the cards; both live in the address. */
export function DatabaseFilter({
  q,
  show,
  onChange,
}: {
  q: string | undefined;
  show: Show | undefined;
  onChange: (to: { q?: string | undefined; show?: Show | undefined }) => void;
}) {
  return (
    <div className="mb-4 flex flex-wrap gap-2">
      <div className="relative min-w-48 flex-1 sm:max-w-xs">
        <Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
        <input
          type="search"
          aria-label="Search databases"
          placeholder="Search databases"
          value={q ?? ''}
          onChange={(event) => onChange({ q: event.target.value || undefined, show })}
          className="input pl-9"
        />
      </div>
      <Select
        aria-label="Show"
        className="w-44"
        value={show ?? ''}
        onChange={(event) => onChange({ q, show: (event.target.value || undefined) as Show | undefined })}
      >
        <option value="">All</option>
        <option value="ready">Ready</option>
        <option value="reading">Being read</option>
        <option value="attention">Needs attention</option>
        <option value="disabled">Disabled</option>
      </Select>
    </div>
  );
}
