import { Link } from '@tanstack/react-router';
import { SquareTerminal } from 'lucide-react';
import type { FoundTable, Why } from '../../../contract/retrieval.ts';
import { Badge } from '../../ui/badge.tsx';
import { buttonLook } from '../../ui/button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { nameOf } from '../connection/table-name.ts';

const places: Record<Why['where'], string> = {
  table: 'in the table’s name',
  column: 'in a column',
  comment: 'in a comment',
  description: 'in what the data is for',
  value: 'among the values',
  neighbour: 'in a related table',
  meaning: 'near in meaning',
};

/** The question's words with where each was found, one line a place. */
function Reasons({ why }: { why: readonly Why[] }) {
  const byPlace = Map.groupBy(why, ({ where }) => where);
  if (byPlace.size === 0) return null;
  return (
    <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
      {[...byPlace].map(([where, reasons]) => (
        <div key={where} className="contents">
          <dt className="text-muted">{places[where]}</dt>
          <dd className="flex flex-wrap gap-x-3 gap-y-0.5">
            {reasons.slice(0, 6).map(({ word, text }) => (
              <span key={`${word} ${text}`} className="min-w-0 break-words">
                <mark className="px-0.5 font-medium">
                  <Untrusted text={word} />
                </mark>
                {text.toLowerCase() !== word.toLowerCase() && (
                  <span className="text-muted">
                    {' '}
                    <Untrusted text={text} />
                  </span>
                )}
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface Props {
  found: FoundTable;
  rank: number;
  connectionId: string;
  /** Said where tables of several connections stand in one list. */
  connectionName?: string | undefined;
}

/** A table that may answer the question, and why it came up. */
export function FoundTableCard({ found, rank, connectionId, connectionName }: Props) {
  const { schema, table, comment, columns, why, summary } = found;
  return (
    <li className="card p-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span aria-hidden className="w-5 text-right text-xs text-muted">
          {rank}
        </span>
        <h3 className="min-w-0 font-mono text-sm break-words">
          <Link
            to="/databases/$connectionId"
            params={{ connectionId }}
            search={{ tab: 'schema', table: nameOf({ schema, name: table }) }}
            className="rounded-sm hover:underline"
          >
            <span className="text-muted">
              <Untrusted text={schema} />.
            </span>
            <span className="font-semibold">
              <Untrusted text={table} />
            </span>
          </Link>
        </h3>
        <span className="ml-auto flex flex-wrap items-center gap-2">
          {connectionName && <Badge>{connectionName}</Badge>}
          <Link
            to="/databases/$connectionId"
            params={{ connectionId }}
            search={{ tab: 'query', from: nameOf({ schema, name: table }) }}
            className={buttonLook('link', 'small')}
          >
            <SquareTerminal aria-hidden className="size-3.5" />
            Write a query
            <span className="sr-only">
              of {schema}.{table}
            </span>
          </Link>
        </span>
      </div>
      <div className="sm:pl-8">
        {comment && (
          <p className="mt-1 line-clamp-2 max-w-[72ch] break-words">
            <Untrusted text={comment} />
          </p>
        )}
        <p className="mt-1 text-muted">
          <Untrusted text={summary} />
        </p>
        {columns.length > 0 && (
          <ul aria-label="Columns that fit" className="mt-3 flex flex-wrap gap-1.5">
            {columns.map((column) => (
              <li
                key={column.name}
                title={column.comment ?? undefined}
                className="max-w-full truncate rounded-md border bg-sunken px-2 py-0.5 font-mono text-xs"
              >
                <Untrusted text={column.name} />{' '}
                <span className="text-muted">
                  <Untrusted text={column.type} />
                </span>
              </li>
            ))}
          </ul>
        )}
        <Reasons why={why} />
      </div>
    </li>
  );
}
