import type { Connection } from '../../../contract/connections.ts';
import { count, counted } from '../../ui/when.tsx';

type Run = Pick<NonNullable<Connection['ingestion']>, 'phase' | 'done' | 'total'>;

/** What a run does just now. */
export function phaseOf({ phase }: Pick<Run, 'phase'>): string {
  switch (phase) {
    case 'queued':
      return 'Waiting for its turn';
    case 'connect':
      return 'Connecting';
    case 'tables':
      return 'Reading tables';
    case 'columns':
      return 'Reading columns';
    case 'keys':
      return 'Reading keys and indexes';
    case 'comments':
      return 'Reading comments';
    case 'diff':
      return 'Comparing with the last reading';
    case 'embed':
      return 'Preparing search';
    case 'ready':
      return 'Ready for query';
  }
}

/** How far a run is within what it does, in tables; no total where that is not known before its end. */
export function shareOf({ phase, done, total }: Run): { done: number; total: number | null } {
  // Keys and comments are told of all tables at once.
  return phase === 'keys' || phase === 'comments' ? { done: 0, total: null } : { done, total };
}

/** "Reading columns: 412 of 1,890 tables": what a run does just now, and how far it is. */
export function progressOf(run: Run): string {
  const { done, total } = shareOf(run);
  if (total !== null) return `${phaseOf(run)}: ${count(done)} of ${counted(total, 'table')}`;
  return done > 0 ? `${phaseOf(run)}: ${counted(done, 'table')} so far` : phaseOf(run);
}
