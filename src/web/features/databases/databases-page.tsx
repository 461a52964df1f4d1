import { getRouteApi } from '@tanstack/react-router';
import { Database, Plus, SearchX } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useMe } from '../shell/me.ts';
import { ConnectionCard } from './connection-card.tsx';
import { DatabaseFilter, filtered } from './database-filter.tsx';
import { useEngines } from './engine-mark.tsx';
import { SampleButton } from './sample-button.tsx';
import { useDbConnectionsStore } from './use-db-connections-store.ts';

const AddConnectionModal = lazy(async () => ({ default: (await import('../registration/add-connection-modal.tsx')).AddConnectionModal }));
const route = getRouteApi('/app/databases');

const grid = 'grid grid-cols-[repeat(auto-fill,minmax(min(100%,340px),1fr))] gap-4';

/** Every database I may see, and the way to add one. */
export function DatabasesPage() {
  const { q, show, add } = route.useSearch();
  const navigate = route.useNavigate();
  const store = useDbConnectionsStore();
  // Asked for early, so that Add Connection opens with its choices there.
  useEngines();
  const mayAdd = useMe().can('connection:create');
  const open = () => void navigate({ search: (before) => ({ ...before, add: true }) });
  const addButton = (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={open}>
      Add a database
    </Button>
  );
  const found = filtered(store.connections, q, show);

  return (
    <>
      <PageHead title="Databases" actions={mayAdd && store.connections.length > 0 && addButton}>
        Each is added once, tested, read, and from then on asked through Portcullis alone.
      </PageHead>
      {store.error && (
        <div className="mb-4">
          <ErrorPanel error={store.error} retry={store.refresh} />
        </div>
      )}
      {store.isLoading && (
        <div role="status" aria-label="Loading the databases" className={grid}>
          {[1, 2, 3].map((card) => (
            <Skeleton key={card} className="h-40" />
          ))}
        </div>
      )}
      {store.connections.length > 0 && (
        <DatabaseFilter q={q} show={show} onChange={(to) => void navigate({ search: (before) => ({ ...before, ...to }), replace: true })} />
      )}
      <div className={grid}>
        {found.map((connection) => (
          <ConnectionCard key={connection.id} connection={connection} />
        ))}
      </div>
      {store.connections.length > 0 && found.length === 0 && (
        <EmptyState
          icon={<SearchX />}
          title="No database fits"
          action={<Button onClick={() => void navigate({ search: {} })}>Show all</Button>}
        >
          Nothing matches this search and filter.
        </EmptyState>
      )}
      {!store.isLoading && !store.error && store.connections.length === 0 && (
        <EmptyState icon={<Database />} title="No database yet" action={mayAdd && [addButton, <SampleButton key="sample" />]}>
          {mayAdd
            ? 'Add one: Portcullis tests the connection step by step, seals the credential and reads the schema, so that it can be searched and asked. Or look around in a database of ours.'
            : 'Nobody has shared a database with you yet. Ask a Manager or an Admin of your organisation.'}
        </EmptyState>
      )}
      <Suspense>
        {add && mayAdd && <AddConnectionModal onClose={() => void navigate({ search: (before) => ({ ...before, add: undefined }) })} />}
      </Suspense>
    </>
  );
}
