import { Lock, ShieldAlert, ShieldCheck, Siren } from 'lucide-react';
import type { Connection } from '../../../contract/connections.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { When } from '../../ui/when.tsx';
import { environments, healthOf, statusOf } from './words.tsx';

/** What a connection is just now. */
export function StatusBadge({ connection }: { connection: Connection }) {
  const { tone, word, icon } = statusOf(connection);
  return (
    <Badge tone={tone} icon={icon} title={connection.disabledReason ?? connection.ingestion?.error?.message}>
      {word}
    </Badge>
  );
}

const environmentTone: Partial<Record<Connection['environment'], Tone>> = { production: 'accent' };

/** Production stands out: what happens there matters. */
export function EnvironmentBadge({ environment }: { environment: Connection['environment'] }) {
  return <Badge tone={environmentTone[environment] ?? 'neutral'}>{environments[environment]}</Badge>;
}

/** Whether the database answers us. */
export function HealthBadge({ connection }: { connection: Connection }) {
  const { tone, word, icon } = healthOf(connection);
  const { state, since } = connection.health;
  const unwell = since !== null && state !== 'healthy' && state !== 'unknown';
  return (
    <Badge tone={tone === 'ok' ? 'neutral' : tone} icon={icon} title={since ? `since ${new Date(since).toLocaleString()}` : undefined}>
      {word}
      {unwell && (
        <>
          {' '}
          · <When at={since} />
        </>
      )}
    </Badge>
  );
}

/** What the credential could do beyond reading; `always`: said too when it could do nothing. */
export function PrivilegeBadge({ connection, always = false }: { connection: Connection; always?: boolean }) {
  const { privileges } = connection;
  if (privileges === null) return null;
  if (privileges.grade === 'severe') {
    return (
      <Badge tone="danger" icon={<Siren aria-hidden />} title={privileges.summary}>
        Far too strong
      </Badge>
    );
  }
  if (privileges.grade === 'writes') {
    return (
      <Badge tone="warn" icon={<ShieldAlert aria-hidden />} title={privileges.summary}>
        Could write
      </Badge>
    );
  }
  return always ? (
    <Badge icon={<ShieldCheck aria-hidden />} title={privileges.summary}>
      Cannot write
    </Badge>
  ) : null;
}

/** Shown where only its maker and Admins see it. */
export function VisibilityBadge({ visibility }: { visibility: Connection['visibility'] }) {
  return visibility === 'private' ? <Badge icon={<Lock aria-hidden />}>Private</Badge> : null;
}
