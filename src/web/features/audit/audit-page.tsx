import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronRight, ChevronsLeft, FileDown, RefreshCw, ScrollText, SearchX, ShieldCheck } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { auditRoutes } from '../../../contract/audit-routes.ts';
import { pathOf } from '../../../contract/client.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useMe } from '../shell/me.ts';
import { Denied } from '../shell/page-states.tsx';
import { AuditFilter } from './audit-filter.tsx';
import { type AuditSearch, useEntries, useEntry } from './audit-search.ts';
import { EntryList } from './entry-list.tsx';
import { timeOfId } from './entry-words.tsx';

const VerifyDialog = lazy(async () => ({ default: (await import('./verify-dialog.tsx')).VerifyDialog }));
const route = getRouteApi('/app/audit');

/** Milliseconds by which the time of a record may be behind that of its id: in so few, no page is filled. */
const LAG = 20;

/** The entry of a link that is on another page: its id says when it was, and from there on its neighbours are shown. */
function Elsewhere({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useEntry(id);
  const at = timeOfId(id);
  if (error) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={1} label="Loading the entry" />;
  return (
    <div className="mb-4 space-y-2">
      <EntryList label="The entry you came for" entries={[data]} open={id} onOpen={onClose} />
      {at !== null && (
        <p className="text-muted">
          It is not among those below.{' '}
          <Link to="/audit" search={{ entry: id, to: new Date(at + LAG).toISOString() }} className="link">
            Go to when it was made
          </Link>
        </p>
      )}
    </div>
  );
}

function Actions({ onVerify, onRefresh, busy }: { onVerify: () => void; onRefresh: () => void; busy: boolean }) {
  const mayVerify = useMe().can('audit:verify');
  return (
    <>
      <Button busy={busy} icon={<RefreshCw aria-hidden className="size-4" />} onClick={onRefresh}>
        Refresh
      </Button>
      <a href={pathOf(auditRoutes.exportAudit, {})} download="portcullis-audit.jsonl" className={buttonLook()}>
        <FileDown aria-hidden className="size-4" />
        Export
      </a>
      {mayVerify && (
        <Button icon={<ShieldCheck aria-hidden className="size-4" />} onClick={onVerify}>
          Verify
        </Button>
      )}
    </>
  );
}

function Paging({ search, next }: { search: AuditSearch; next: string | null }) {
  if (!search.cursor && !next) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex justify-between gap-2">
      {search.cursor ? (
        <Link to="/audit" search={{ ...search, cursor: undefined, entry: undefined }} className={buttonLook()}>
          <ChevronsLeft aria-hidden className="size-4" />
          Newest
        </Link>
      ) : (
        <span />
      )}
      {next && (
        <Link to="/audit" search={{ ...search, cursor: next, entry: undefined }} className={buttonLook()}>
          Older
          <ChevronRight aria-hidden className="size-4" />
        </Link>
      )}
    </nav>
  );
}

/** Who did what, via what, with what outcome; newest first. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMe().can('audit:read');
  const [verifying, setVerifying] = useState(false);
  const { data, error, refetch, isFetching } = useEntries(search, may);
  if (!may) {
    return (
      <>
        <PageHead title="Audit" />
        <Denied what="what is on record" who="Admins see it." />
      </>
    );
  }
  const { entry, cursor, ...filters } = search;
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const items = data?.items ?? [];
  const open = (id: string | undefined) => void navigate({ search: { ...search, entry: id }, replace: true });
  return (
    <>
      <PageHead title="Audit" actions={<Actions busy={isFetching} onRefresh={() => void refetch()} onVerify={() => setVerifying(true)} />}>
        Every attempt is on record before its answer leaves, and no record is ever changed.
      </PageHead>
      <AuditFilter
        search={search}
        onChange={(to) => void navigate({ search: { ...search, cursor: undefined, entry: undefined, ...to }, replace: true })}
      />
      {error && <ErrorPanel error={error} retry={() => void refetch()} />}
      {!error && !data && <SkeletonRows rows={8} label="Loading the entries" />}
      {data && entry && !items.some(({ id }) => id === entry) && <Elsewhere id={entry} onClose={() => open(undefined)} />}
      {items.length > 0 && <EntryList label="Entries" entries={items} open={entry} onOpen={open} />}
      {data && items.length === 0 && (
        <EmptyState
          icon={filtered ? <SearchX /> : <ScrollText />}
          title={filtered ? 'No entry fits' : 'Nothing is on record yet'}
          action={filtered && <Button onClick={() => void navigate({ search: {} })}>Show all</Button>}
        >
          {filtered ? 'Nothing on record matches this filter.' : 'Queries, and changes to connections, members and keys, are listed here.'}
        </EmptyState>
      )}
      {data && <Paging search={search} next={data.nextCursor} />}
      <Suspense>{verifying && <VerifyDialog onClose={() => setVerifying(false)} />}</Suspense>
    </>
  );
}
