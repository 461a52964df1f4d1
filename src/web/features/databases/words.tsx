import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleHelp,
  KeyRound,
  LoaderCircle,
  PauseCircle,
  ShieldAlert,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import type { EngineDescription } from '../../../contract/engines.ts';
import type { Tone } from '../../ui/badge.tsx';
import { isBeingRead, isUnwell } from './use-db-connections-store.ts';

interface State {
  readonly tone: Tone;
  readonly word: string;
  readonly icon: ReactNode;
}

/** The status of a connection in words. */
export function statusOf(connection: Connection): State {
  if (!connection.isActive) return { tone: 'neutral', word: 'Disabled', icon: <Ban aria-hidden /> };
  if (connection.ingestion?.state === 'held') return { tone: 'warn', word: 'Waits for you', icon: <PauseCircle aria-hidden /> };
  switch (connection.status) {
    case 'ready':
      // What was read stands, but nothing can be asked of the database just now.
      if (isUnwell(connection)) return { tone: 'neutral', word: 'Schema read', icon: <CircleCheck aria-hidden /> };
      return { tone: 'ok', word: 'Ready for query', icon: <CircleCheck aria-hidden /> };
    case 'embedding':
      return { tone: 'info', word: 'Preparing search', icon: <LoaderCircle aria-hidden className="animate-spin" /> };
    case 'ingesting':
      return { tone: 'info', word: 'Reading schema', icon: <LoaderCircle aria-hidden className="animate-spin" /> };
    case 'disabled':
      return { tone: 'neutral', word: 'Disabled', icon: <Ban aria-hidden /> };
    case 'failed':
      return { tone: 'danger', word: 'Reading failed', icon: <CircleAlert aria-hidden /> };
  }
}

/** The health of a connection in words. */
export function healthOf({ health }: Connection): State {
  switch (health.state) {
    case 'healthy':
      return { tone: 'ok', word: 'Reachable', icon: <CircleCheck aria-hidden /> };
    case 'degraded':
      return { tone: 'warn', word: health.fault === null ? 'Slow' : 'Unsteady', icon: <TriangleAlert aria-hidden /> };
    case 'changed':
      return { tone: 'danger', word: 'Not what was confirmed', icon: <ShieldAlert aria-hidden /> };
    case 'authentication_failed':
      return { tone: 'danger', word: 'Sign-in rejected', icon: <KeyRound aria-hidden /> };
    case 'unreachable':
      return { tone: 'danger', word: 'Unreachable', icon: <Unplug aria-hidden /> };
    case 'unknown':
      return { tone: 'neutral', word: 'Not checked yet', icon: <CircleHelp aria-hidden /> };
  }
}

/** Whether there is anything to search in it yet. */
export function isSearchable(connection: Connection): boolean {
  return (
    connection.isActive &&
    (connection.status === 'ready' || connection.status === 'embedding' || (connection.tables > 0 && isBeingRead(connection)))
  );
}

/** Where it is, in one line: the engine's own fields in their order, a number as the port of what stands before. */
export function whereOf({ address }: Connection, engine: EngineDescription | undefined): string {
  const fields = (engine?.address ?? []).filter((field) => field.section === 'where').sort((a, b) => a.order - b.order);
  return fields.reduce((line, { name }) => {
    const value = address[name];
    if (typeof value === 'number') return `${line}:${value}`;
    return typeof value === 'string' && value !== '' ? [line, value].filter(Boolean).join(' / ') : line;
  }, '');
}

export const environments = {
  production: 'Production',
  staging: 'Staging',
  development: 'Development',
  test: 'Test',
  other: 'Other',
} as const;
export const purposes = { analytics: 'Analytics', operational: 'Operational', read_only_ai: 'Read-only for AI' } as const;
