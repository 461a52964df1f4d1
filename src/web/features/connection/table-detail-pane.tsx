import { Link } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, KeyRound, Layers, List, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TableDetail } from '../../../contract/catalog.ts';
import { ProblemError } from '../../../contract/client.ts';
import type { Connection } from '../../../contract/connections.ts';
import { Badge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { count, counted, When } from '../../ui/when.tsx';
import { useTable } from './catalog-queries.ts';
import { ColumnTable } from './column-table.tsx';
import { nameOf } from './table-name.ts';

const kinds = {
  table: 'Table',
  partitioned_table: 'Partitioned table',
  view: 'View',
  materialized_view: 'Materialised view',
  foreign_table: 'Foreign table',
} as const;

function Block({ title, icon, children }: { title: string; icon: ReactNode; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 flex items-center gap-2 font-semibold [&>svg]:size-4 [&>svg]:text-muted">
        {icon}
        {title}
      </h3>
      <ul className="card divide-y [&>li]:px-3 [&>li]:py-2">{children}</ul>
    </section>
  );
}

const Code = ({ text }: { text: string }) => (
  <code className="font-mono text-xs break-words">
    <Untrusted text={text} />
  </code>
);

function TableLink({ id, schema, table }: { id: string; schema: string; table: string }) {
  return (
    <Link
      to="/databases/$connectionId"
      params={{ connectionId: id }}
      search={(before) => ({ ...before, tab: 'schema', table: nameOf({ schema, name: table }) })}
      className="link font-mono text-xs break-words"
    >
      <Untrusted text={`${schema}.${table}`} />
    </Link>
  );
}

function Relations({ detail, id }: { detail: TableDetail; id: string }) {
  const { foreignKeys, referencedBy, dependsOn } = detail;
  return (
    <>
      {foreignKeys.length > 0 && (
        <Block title="Refers to" icon={<ArrowUpRight aria-hidden />}>
          {foreignKeys.map((key) => (
            <li key={key.name}>
              <Code text={key.columns.join(', ')} /> <span className="text-muted">to</span>{' '}
              <TableLink id={id} schema={key.schema} table={key.table} /> <Code text={`(${key.referencedColumns.join(', ')})`} />
              <span className="block text-xs text-muted">
                <Untrusted text={key.name} />, on delete {key.onDelete.toLowerCase()}
                {!key.validated && ', not validated'}
              </span>
            </li>
          ))}
        </Block>
      )}
      {referencedBy.length > 0 && (
        <Block title="Referred to by" icon={<ArrowDownLeft aria-hidden />}>
          {referencedBy.map((key) => (
            <li key={`${key.schema}.${key.table}.${key.name}`}>
              <TableLink id={id} schema={key.schema} table={key.table} /> <Code text={`(${key.columns.join(', ')})`} />{' '}
              <span className="text-muted">to</span> <Code text={key.referencedColumns.join(', ')} />
            </li>
          ))}
        </Block>
      )}
      {dependsOn.length > 0 && (
        <Block title="Made from" icon={<Layers aria-hidden />}>
          {dependsOn.map(({ schema, table }) => (
            <li key={`${schema}.${table}`}>
              <TableLink id={id} schema={schema} table={table} />
            </li>
          ))}
        </Block>
      )}
    </>
  );
}

function Detail({ detail, id }: { detail: TableDetail; id: string }) {
  const { schema, name, kind, comment, readable, estimatedRows, columns, keys, indexes, partitions, partitionedBy, takenAt } = detail;
  return (
    <article aria-labelledby="table-name" className="space-y-6">
      <header>
        <div className="flex flex-wrap items-start justify-between gap-2">
          <h2 id="table-name" className="min-w-0 font-mono text-md font-semibold break-words">
            <span className="font-normal text-muted">
              <Untrusted text={schema} />.
            </span>
            <Untrusted text={name} />
          </h2>
          <CopyButton text={`${schema}.${name}`} what="Copy name" look="quiet" />
        </div>
        <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-muted">
          <Badge>{kinds[kind]}</Badge>
          {!readable && (
            <Badge tone="warn" icon={<Lock aria-hidden />}>
              Not readable with this credential
            </Badge>
          )}
          <span>{counted(columns.length, 'column')}</span>
          {estimatedRows !== null && <span>about {counted(Math.round(estimatedRows), 'row')}</span>}
          <span>
            read <When at={takenAt} />
          </span>
        </div>
        {comment && (
          <p className="mt-3 max-w-[72ch] break-words whitespace-pre-wrap">
            <Untrusted text={comment} />
          </p>
        )}
      </header>
      <ColumnTable detail={detail} />
      {keys.length > 0 && (
        <Block title="Keys" icon={<KeyRound aria-hidden />}>
          {keys.map((key) => (
            <li key={key.name}>
              <Code text={key.columns.join(', ')} />{' '}
              <span className="text-xs text-muted">
                {key.kind}, <Untrusted text={key.name} />
              </span>
            </li>
          ))}
        </Block>
      )}
      <Relations detail={detail} id={id} />
      {(partitionedBy || partitions.length > 0) && (
        <Block title={`Partitions${partitions.length > 0 ? ` (${count(partitions.length)})` : ''}`} icon={<Layers aria-hidden />}>
          {partitionedBy && (
            <li>
              <span className="text-muted">Partitioned by</span> <Code text={partitionedBy} />
            </li>
          )}
          {partitions.length > 0 && (
            <li className="max-h-40 overflow-y-auto">
              <Code text={partitions.join(', ')} />
            </li>
          )}
        </Block>
      )}
      {indexes.length > 0 && (
        <Block title="Indexes" icon={<List aria-hidden />}>
          {indexes.map((index) => (
            <li key={index.name}>
              <Code text={index.definition} />
              {!index.valid && <span className="ml-2 text-xs text-warn">not valid</span>}
            </li>
          ))}
        </Block>
      )}
    </article>
  );
}

/** All that is known of one table. */
export function TableDetailPane({ connection, schema, table }: { connection: Connection; schema: string; table: string }) {
  const { data, error, refetch } = useTable(connection.id, schema, table);
  if (error instanceof ProblemError && error.code === 'table.unknown') {
    return (
      <EmptyState icon={<Layers />} title="There is no such table">
        It vanished since, or was never there: <Untrusted text={`${schema}.${table}`} />
      </EmptyState>
    );
  }
  if (error) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (data) return <Detail detail={data} id={connection.id} />;
  return (
    <div role="status" aria-label="Loading the table" className="space-y-4">
      <Skeleton className="h-8 w-64" />
      <Skeleton className="h-64" />
    </div>
  );
}
