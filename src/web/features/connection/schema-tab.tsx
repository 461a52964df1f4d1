import { getRouteApi } from '@tanstack/react-router';
import { ChevronLeft, Search, Table2 } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { count, counted } from '../../ui/when.tsx';
import { isBeingRead } from '../databases/use-db-connections-store.ts';
import { useTables } from './catalog-queries.ts';
import { SchemaTree } from './schema-tree.tsx';
import { TableDetailPane } from './table-detail-pane.tsx';
import { nameOf, splitName } from './table-name.ts';

const route = getRouteApi('/app/databases/$connectionId');

/** What is typed is in the address a moment later, and is searched on the server. */
function useFind(): [string, (text: string) => void, string] {
  const { find = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(find);
  useEffect(() => {
    if (typed === find) return;
    const timer = setTimeout(() => void navigate({ search: (before) => ({ ...before, find: typed || undefined }), replace: true }), 200);
    return () => clearTimeout(timer);
  }, [typed, find, navigate]);
  return [typed, setTyped, useDeferredValue(find)];
}

/** Every table that the credential sees: a tree to search, and the chosen table beside it. */
export function SchemaTab({ connection }: { connection: Connection }) {
  const { table } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped, find] = useFind();
  const query = useTables(connection.id, find, connection.lastReadAt);
  const tables = query.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = table === undefined ? null : splitName(table);
  const choose = (to: string | undefined) => void navigate({ search: (before) => ({ ...before, table: to }) });

  if (query.error && tables.length === 0) return <ErrorPanel error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows rows={8} label="Loading the tables" />;
  if (tables.length === 0 && !find) {
    return (
      <EmptyState icon={<Table2 />} title="No tables yet">
        {isBeingRead(connection)
          ? 'The schema is being read; tables appear here when the reading is done.'
          : 'The last reading found none that this credential can see.'}
      </EmptyState>
    );
  }
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(260px,340px)_minmax(0,1fr)]">
      <div className={chosen ? 'hidden lg:block' : ''}>
        <div className="lg:sticky lg:top-20">
          <div className="relative mb-2">
            <Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
            <input
              type="search"
              aria-label="Search tables"
              placeholder="Search tables"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="input pl-9"
            />
          </div>
          <p role="status" className="mb-2 text-xs text-muted">
            {counted(tables.length, 'table')}
            {find ? ` of ${count(connection.tables)} fit` : ''}
            {query.hasNextPage ? ', loading more' : ''}
          </p>
          <SchemaTree tables={tables} chosen={table} onChoose={(one) => choose(nameOf(one))} />
        </div>
      </div>
      <div className={chosen ? 'min-w-0' : 'hidden min-w-0 lg:block'}>
        {chosen ? (
          <>
            <Button
              look="quiet"
              size="small"
              className="mb-3 lg:hidden"
              icon={<ChevronLeft aria-hidden className="size-3.5" />}
              onClick={() => choose(undefined)}
            >
              All tables
            </Button>
            <TableDetailPane key={table} connection={connection} schema={chosen.schema} table={chosen.table} />
          </>
        ) : (
          <EmptyState icon={<Table2 />} title="Choose a table">
            Its columns, keys, comments and what belongs to it are shown here.
          </EmptyState>
        )}
      </div>
    </div>
  );
}
