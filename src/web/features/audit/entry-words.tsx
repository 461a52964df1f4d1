import { Ban, Check, CircleAlert, CircleCheck, CircleHelp, CircleSlash, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../../contract/audit.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';

type Outcome = AuditEntry['outcome'];

/** How an attempt ended, in words and with its sign. */
export const outcomes: Record<Outcome, { tone: Tone; word: string; icon: ReactNode; means: string }> = {
  done: { tone: 'ok', word: 'Done', icon: <CircleCheck aria-hidden />, means: 'It ran, and its answer was given.' },
  passed: { tone: 'ok', word: 'Passed', icon: <Check aria-hidden />, means: 'The test passed.' },
  refused: { tone: 'warn', word: 'Refused', icon: <CircleSlash aria-hidden />, means: 'It was not let through.' },
  failed: { tone: 'danger', word: 'Failed', icon: <CircleAlert aria-hidden />, means: 'It began and failed.' },
  cancelled: { tone: 'neutral', word: 'Cancelled', icon: <Ban aria-hidden />, means: 'Whoever asked went away or stopped it.' },
  pending: { tone: 'info', word: 'Under way', icon: <Clock aria-hidden />, means: 'It has begun and not ended yet.' },
  unknown: {
    tone: 'warn',
    word: 'Unknown',
    icon: <CircleHelp aria-hidden />,
    means: 'The server ended while it ran: whether it was answered is not known, and not guessed.',
  },
};

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { tone, word, icon, means } = outcomes[outcome];
  return (
    <Badge tone={tone} icon={icon} title={means}>
      {word}
    </Badge>
  );
}

/** The kinds of deed, to filter by. */
export const kinds: readonly (readonly [string, string])[] = [
  ['query', 'Queries'],
  ['connection', 'Connections'],
  ['member', 'Members'],
  ['key', 'API keys'],
  ['password', 'Passwords'],
  ['organization', 'Organisation'],
  ['audit', 'Audit'],
];

/** "query.run" as people say it: "Query: run". */
export function sayAction(action: string): string {
  const [kind = '', ...rest] = action.split('.');
  const words = `${kind}${rest.length > 0 ? `: ${rest.join(' ')}` : ''}`.replaceAll('_', ' ').replace('organization', 'organisation');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const vias: Readonly<Record<string, string>> = { web: 'browser', key: 'API key' };
export const sayVia = (via: string): string => vias[via] ?? via;

/** The moment that an id of version 7 holds; null for any other. */
export function timeOfId(id: string): number | null {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/i.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}
