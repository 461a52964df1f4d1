import { Link } from '@tanstack/react-router';
import { MessageCircleQuestionMark } from 'lucide-react';
import type { Connection } from '../../../contract/connections.ts';
import { buttonLook } from '../../ui/button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { counted, When } from '../../ui/when.tsx';
import { EnvironmentBadge, HealthBadge, PrivilegeBadge, StatusBadge, VisibilityBadge } from './badges.tsx';
import { EngineMark, useEngines } from './engine-mark.tsx';
import { SchemaIngestionStatus } from './schema-ingestion-status.tsx';
import { isBeingRead } from './use-db-connections-store.ts';
import { isSearchable, whereOf } from './words.tsx';

/** One registered database: what it is, how it is, and what happens with it just now. */
export function ConnectionCard({ connection }: { connection: Connection }) {
  const engine = useEngines().find(({ id }) => id === connection.dbType);
  return (
    <article
      aria-label={connection.name}
      className="card relative flex min-w-0 flex-col gap-3 p-4 transition-colors focus-within:border-line-strong hover:border-line-strong"
    >
      <div className="flex items-start gap-3">
        <EngineMark dbType={connection.dbType} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate leading-snug font-semibold">
            {/* The whole card leads there; what can be pressed by itself lies above. */}
            <Link
              id={`connection-${connection.id}`}
              to="/databases/$connectionId"
              params={{ connectionId: connection.id }}
              className="rounded-sm after:absolute after:inset-0 after:rounded-lg"
            >
              {connection.name}
            </Link>
          </h2>
          <p className="truncate text-xs text-muted" title={whereOf(connection, engine)}>
            {whereOf(connection, engine)}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap gap-1.5">
        <EnvironmentBadge environment={connection.environment} />
        <StatusBadge connection={connection} />
        {connection.isActive && <HealthBadge connection={connection} />}
        <PrivilegeBadge connection={connection} />
        <VisibilityBadge visibility={connection.visibility} />
      </div>
      {connection.alerts.map(({ code, text }) => (
        <p key={code} className="line-clamp-3 rounded-md bg-danger-soft p-2 text-danger">
          <Untrusted text={text} />
        </p>
      ))}
      <div className="relative empty:hidden">
        <SchemaIngestionStatus connection={connection} />
      </div>
      {!connection.isActive && connection.disabledReason && (
        <p className="line-clamp-2 text-muted">Disabled: {connection.disabledReason}</p>
      )}
      <div className="mt-auto flex min-h-8 items-center justify-between gap-3 border-t pt-3 text-xs text-muted">
        <span className="min-w-0 truncate">
          {connection.lastReadAt ? (
            <>
              {counted(connection.tables, 'table')} · read <When at={connection.lastReadAt} />
            </>
          ) : (
            'Not read yet'
          )}
        </span>
        {isSearchable(connection) && (!isBeingRead(connection) || connection.status === 'embedding') && (
          <Link
            to="/databases/$connectionId"
            params={{ connectionId: connection.id }}
            search={{ tab: 'ask' }}
            className={`relative ${buttonLook('link', 'small')}`}
          >
            <MessageCircleQuestionMark aria-hidden className="size-3.5" />
            Ask it something<span className="sr-only">: {connection.name}</span>
          </Link>
        )}
      </div>
    </article>
  );
}
