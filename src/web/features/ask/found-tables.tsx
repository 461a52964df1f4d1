import { ArrowRight, SearchX } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { FoundTable, Join } from '../../../contract/retrieval.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { counted } from '../../ui/when.tsx';
import { FoundTableCard } from './found-table-card.tsx';

type Found = FoundTable & { readonly connectionId: string; readonly connectionName?: string | undefined };

const end = ({ schema, table, columns }: Join['from']): string => `${schema}.${table} (${columns.join(', ')})`;

function Joins({ joins }: { joins: readonly Join[] }) {
  if (joins.length === 0) return null;
  return (
    <section aria-labelledby="joins">
      <h2 id="joins" className="mb-2 font-semibold">
        How they belong together
      </h2>
      <ul className="card divide-y">
        {joins.map((join) => (
          <li
            key={`${end(join.from)} ${end(join.to)} ${join.name}`}
            className="flex flex-wrap items-center gap-x-2 gap-y-0.5 px-4 py-2 font-mono text-xs"
          >
            <Untrusted text={end(join.from)} />
            <ArrowRight role="img" aria-label="refers to" className="size-3.5 text-muted" />
            <Untrusted text={end(join.to)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Props {
  question: string | undefined;
  pending: boolean;
  error: unknown;
  retry: () => void;
  found: { readonly tables: readonly Found[]; readonly joins: readonly Join[] } | undefined;
  /** Shown before anything is asked. */
  children: ReactNode;
}

/** The tables that answer a question, why each came up, and how they join. */
export function FoundTables({ question, pending, error, retry, found, children }: Props) {
  if (!question) return <Fragment>{children}</Fragment>;
  if (error) return <ErrorPanel error={error} retry={retry} />;
  if (pending || !found) return <SkeletonRows rows={4} label="Searching" />;
  if (found.tables.length === 0) {
    return (
      <EmptyState icon={<SearchX />} title="No table fits this question">
        Say it in other words, or with a name as it stands in the schema. What a connection’s data is for is searched too: a sentence there
        helps.
      </EmptyState>
    );
  }
  return (
    <div className="space-y-6">
      <section aria-labelledby="found">
        <h2 id="found" className="mb-2 font-semibold">
          <span role="status">{counted(found.tables.length, 'table')} found</span>
        </h2>
        <ol className="space-y-3">
          {found.tables.map((table, at) => (
            <FoundTableCard
              key={`${table.connectionId} ${table.schema}.${table.table}`}
              found={table}
              rank={at + 1}
              connectionId={table.connectionId}
              connectionName={table.connectionName}
            />
          ))}
        </ol>
      </section>
      <Joins joins={found.joins} />
    </div>
  );
}
