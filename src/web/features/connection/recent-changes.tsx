import { Link } from '@tanstack/react-router';
import { Minus, Pencil, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SnapshotChanges } from '../../../contract/catalog.ts';
import type { Connection } from '../../../contract/connections.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { count, counted, When } from '../../ui/when.tsx';
import { useChanges } from './catalog-queries.ts';

const shown = 8;

function Names({
  sign,
  word,
  names,
  link,
}: {
  sign: ReactNode;
  word: string;
  names: readonly { name: string; what?: string }[];
  link?: (name: string) => ReactNode;
}) {
  if (names.length === 0) return null;
  return (
    <li className="flex gap-2.5">
      <span className="mt-0.5 shrink-0 [&>svg]:size-4">{sign}</span>
      <div className="min-w-0">
        <span className="font-medium">
          {counted(names.length, 'table')} {word}
        </span>
        <ul className="font-mono text-xs">
          {names.slice(0, shown).map(({ name, what }) => (
            <li key={name} className="break-words">
              {link ? link(name) : <Untrusted text={name} />}
              {what && (
                <span className="font-sans text-muted">
                  {' '}
                  <Untrusted text={what} />
                </span>
              )}
            </li>
          ))}
        </ul>
        {names.length > shown && <p className="text-xs text-muted">and {count(names.length - shown)} more</p>}
      </div>
    </li>
  );
}

function Reading({ change, first, id }: { change: SnapshotChanges; first: boolean; id: string }) {
  const nothing = change.appeared.length + change.changed.length + change.vanished.length === 0;
  const link = (name: string) => (
    <Link to="/databases/$connectionId" params={{ connectionId: id }} search={{ tab: 'schema', table: name }} className="hover:underline">
      <Untrusted text={name} />
    </Link>
  );
  return (
    <li className="p-4">
      <p className="text-xs text-muted">
        Snapshot {change.snapshot} · <When at={change.takenAt} /> · {counted(change.tables, 'table')}
      </p>
      {first ? (
        <p className="mt-1">The first reading: {counted(change.appeared.length || change.tables, 'table')}.</p>
      ) : nothing ? (
        <p className="mt-1 text-muted">Nothing was different.</p>
      ) : (
        <ul className="mt-1.5 space-y-2">
          <Names
            sign={<Plus aria-hidden className="text-ok" />}
            word="appeared"
            names={change.appeared.map((name) => ({ name }))}
            link={link}
          />
          <Names
            sign={<Pencil aria-hidden className="text-info" />}
            word="changed"
            names={change.changed.map(({ table, what }) => ({ name: table, what: what.join(', ') }))}
            link={link}
          />
          <Names sign={<Minus aria-hidden className="text-danger" />} word="vanished" names={change.vanished.map((name) => ({ name }))} />
        </ul>
      )}
    </li>
  );
}

/** What the last readings found different. */
export function RecentChanges({ connection }: { connection: Connection }) {
  const { data, error, refetch } = useChanges(connection.id, connection.lastReadAt);
  if (error) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-32" />;
  if (data.items.length === 0) return <p className="text-muted">Its schema has not been read yet.</p>;
  const oldest = data.nextCursor === null ? data.items.at(-1)?.snapshot : undefined;
  return (
    <ul className="card divide-y">
      {data.items.slice(0, 6).map((change) => (
        <Reading key={change.snapshot} change={change} first={change.snapshot === oldest} id={connection.id} />
      ))}
    </ul>
  );
}
