import { CircleCheck, Crosshair, RefreshCw, ShieldX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../../../contract/faults.ts';
import type { Refusal, Verdict } from '../../../contract/query.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { counted } from '../../ui/when.tsx';
import { addedTo } from './added-to-refusal.ts';

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div className="contents">
      <dt className="text-muted">{title}</dt>
      <dd className="font-mono text-xs leading-5 break-words">
        <Untrusted text={names.join(', ')} />
      </dd>
    </div>
  );
}

/** A statement that would run: what it reads. */
export function AllowedPanel({ verdict }: { verdict: Verdict }) {
  const { tables, columns, functions, fingerprint } = verdict;
  return (
    <div role="status" className="flex gap-3 rounded-lg border border-ok bg-ok-soft p-4">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">Allowed. It was not run.</p>
        <p className="mt-0.5">
          {tables.length === 0 && 'It reads no table.'}
          {tables.length > 0 &&
            `It reads ${columns.length > 0 ? `${counted(columns.length, 'column')} of ` : ''}${counted(tables.length, 'table')}.`}
        </p>
        <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          <Names title="Tables" names={tables.map(({ schema, table }) => `${schema}.${table}`)} />
          <Names title="Columns" names={columns.map(({ table, column }) => `${table}.${column}`)} />
          <Names title="Functions" names={functions} />
          <Names title="Fingerprint" names={[fingerprint]} />
        </dl>
      </div>
    </div>
  );
}

interface RefusedProps {
  refusal: Refusal | null;
  /** What the request that was to run it answered, where one was. */
  problem: Problem | null;
  /** The text that was judged, and whether it is still the one in the editor. */
  sql: string;
  stale: boolean;
  children?: ReactNode;
}

/** A statement that may not run: which rule says so, where, and what would be allowed. */
export function RefusedPanel({ refusal, problem, sql, stale, children }: RefusedProps) {
  const place = refusal?.position;
  const added = refusal ? addedTo(refusal, problem) : '';
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-danger bg-danger-soft p-4">
      <ShieldX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3 font-semibold">
          Refused
          {refusal && <code className="font-mono text-xs font-normal text-muted">{refusal.rule}</code>}
        </p>
        <p className="mt-0.5 max-w-prose break-words">
          <Untrusted text={refusal?.message ?? problem?.detail ?? ''} />
        </p>
        {place && (
          <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1">
            <Crosshair aria-hidden className="size-3.5 text-muted" />
            <span>
              Line {place.line}, column {place.column}
            </span>
            {place.end > place.start && (
              <code className="max-w-full truncate rounded-sm bg-surface px-1.5 font-mono text-xs text-danger">
                <Untrusted text={sql.slice(place.start, Math.min(place.end, place.start + 200))} />
              </code>
            )}
            {stale && <span className="text-xs text-muted">in the text as it was then</span>}
          </p>
        )}
        {refusal && (
          <p className="mt-2 max-w-prose break-words">
            <span className="font-medium">What would be allowed: </span>
            <Untrusted text={refusal.allowed} />
          </p>
        )}
        {added && (
          <p className="mt-2 flex max-w-prose items-start gap-2">
            <RefreshCw aria-hidden className="mt-[3px] size-3.5 shrink-0 text-muted" />
            <span className="min-w-0 break-words">
              <Untrusted text={added} />
            </span>
          </p>
        )}
        {!refusal && problem?.hint && (
          <p className="mt-2 max-w-prose break-words">
            <Untrusted text={problem.hint} />
          </p>
        )}
        {children}
        {problem && (
          <div className="mt-3 -ml-2.5 flex flex-wrap items-center gap-2">
            <CopyButton what="Copy request id" text={`${problem.code} ${problem.requestId}`} look="quiet" />
            <code className="font-mono text-xs break-all text-muted">{problem.requestId}</code>
          </div>
        )}
      </div>
    </div>
  );
}
