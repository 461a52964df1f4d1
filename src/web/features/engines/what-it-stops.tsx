import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import type { EngineDescription } from '../../../contract/engines.ts';
import { client } from '../../api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { counted } from '../../ui/when.tsx';
import { countTrials, type Tally } from './count-trials.ts';
import { TrialTable } from './trial-table.tsx';

function TallyLine({ tally: { login, stopped, ran, changed } }: { tally: Tally }) {
  return (
    <li>
      <span className="font-medium">{login.replace(/^./, (first) => first.toUpperCase())}:</span> {stopped} stopped, {ran} answered without
      changing anything,{' '}
      {changed.length === 0 ? (
        'none changed anything.'
      ) : (
        <>
          <span className="font-medium text-danger">{changed.length} changed something</span> ({changed.join(', ')}).
        </>
      )}
    </li>
  );
}

/** What the database and our session stop by themselves, with the guard switched off: found out by trying, not assumed. */
export function WhatItStops({ engine, server }: { engine: EngineDescription; server: string | null }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['truth-table', engine.id],
    queryFn: () => client.getTruthTable({ params: { id: engine.id } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <ErrorPanel error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-32" />;
  if (data.tried === null)
    return (
      <p className="max-w-[72ch] text-muted">
        Not tried yet: no {engine.label} has been at hand to try it on, so nothing is claimed of what it stops by itself. Every statement is
        judged before it is sent all the same, and the rights of the login hold.
      </p>
    );
  return (
    <div className="space-y-3">
      <p className="max-w-[72ch] text-muted">
        Every statement is judged before it is sent. This is what is left without that: {counted(data.trials.length, 'statement')} that the
        guard refuses, sent to {data.tried} as they are. What one did to its own session (a lock, a setting) was cleared behind it.
        {server && ` This database is ${server}: another version may stop more or less.`}
      </p>
      <ul aria-label="What became of them" className="max-w-[72ch] list-disc space-y-1 pl-5">
        {countTrials(data).map((tally) => (
          <TallyLine key={tally.login} tally={tally} />
        ))}
      </ul>
      <details className="group">
        <summary className="flex list-none items-center gap-1 rounded-sm font-medium text-accent">
          <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
          Statement by statement
        </summary>
        <div className="mt-2">
          <TrialTable logins={data.logins} trials={data.trials} />
        </div>
      </details>
    </div>
  );
}
