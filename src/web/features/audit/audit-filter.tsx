import { useEffect, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { useDbConnectionsStore } from '../databases/use-db-connections-store.ts';
import type { AuditSearch } from './audit-search.ts';
import { kinds, outcomes } from './entry-words.tsx';

const two = (value: number): string => String(value).padStart(2, '0');
/** An exact time as the browser's own field writes it, in the clock of whoever looks. */
function toLocal(iso: string | undefined): string {
  const at = new Date(iso ?? Number.NaN);
  if (Number.isNaN(at.getTime())) return '';
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
const fromLocal = (text: string): string | undefined => (text ? new Date(text).toISOString() : undefined);

/** What is typed goes into the address a moment later. */
function ActorField({ id, actor, onChange }: { id: string; actor: string | undefined; onChange: (actor: string | undefined) => void }) {
  const [typed, setTyped] = useState(actor ?? '');
  useEffect(() => setTyped(actor ?? ''), [actor]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (typed === (actor ?? '')) return;
    const timer = setTimeout(() => onChange(typed || undefined), 300);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      id={id}
      type="search"
      placeholder="Anyone"
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      className="input"
    />
  );
}

interface Props {
  search: AuditSearch;
  onChange: (to: Partial<AuditSearch>) => void;
}

/** Which entries are shown: all of it stands in the address. */
export function AuditFilter({ search, onChange }: Props) {
  const id = useId();
  const { connections } = useDbConnectionsStore();
  const set = (name: keyof AuditSearch) => (value: string | undefined) => onChange({ [name]: value || undefined });
  const any = Object.entries(search).some(([name, value]) => value !== undefined && name !== 'entry' && name !== 'cursor');
  const label = 'mb-1 block text-xs text-muted';
  return (
    <search className="mb-4 grid grid-cols-2 items-end gap-3 sm:grid-cols-4 xl:grid-cols-[repeat(4,minmax(0,1fr))_12.5rem_12.5rem_auto]">
      <div>
        <label htmlFor={`${id}actor`} className={label}>
          Who
        </label>
        <ActorField id={`${id}actor`} actor={search.actor} onChange={set('actor')} />
      </div>
      <div>
        <label htmlFor={`${id}action`} className={label}>
          What
        </label>
        <Select id={`${id}action`} value={search.action ?? ''} onChange={(event) => set('action')(event.target.value)}>
          <option value="">Everything</option>
          {kinds.map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </Select>
      </div>
      <div>
        <label htmlFor={`${id}connection`} className={label}>
          Database
        </label>
        <Select id={`${id}connection`} value={search.connection ?? ''} onChange={(event) => set('connection')(event.target.value)}>
          <option value="">Any</option>
          {connections.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
          {search.connection && !connections.some((one) => one.id === search.connection) && (
            <option value={search.connection}>Another</option>
          )}
        </Select>
      </div>
      <div>
        <label htmlFor={`${id}outcome`} className={label}>
          Outcome
        </label>
        <Select id={`${id}outcome`} value={search.outcome ?? ''} onChange={(event) => set('outcome')(event.target.value)}>
          <option value="">Any</option>
          {Object.entries(outcomes).map(([outcome, { word }]) => (
            <option key={outcome} value={outcome}>
              {word}
            </option>
          ))}
        </Select>
      </div>
      {(['from', 'to'] as const).map((end) => (
        <div key={end} className="col-span-2 xl:col-span-1">
          <label htmlFor={id + end} className={label}>
            {end === 'from' ? 'From' : 'Before'}
          </label>
          <input
            id={id + end}
            type="datetime-local"
            value={toLocal(search[end])}
            onChange={(event) => set(end)(fromLocal(event.target.value))}
            className="input"
          />
        </div>
      ))}
      {any && (
        <Button
          look="quiet"
          onClick={() =>
            onChange({ actor: undefined, action: undefined, connection: undefined, outcome: undefined, from: undefined, to: undefined })
          }
        >
          Show all
        </Button>
      )}
    </search>
  );
}
