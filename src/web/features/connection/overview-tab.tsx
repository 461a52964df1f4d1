import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Connection } from '../../../contract/connections.ts';
import { count, When } from '../../ui/when.tsx';
import { CertificateFacts } from '../registration/fault-explanation.tsx';
import { sayLimits } from '../registration/limits-draft.ts';
import { PrivilegeCard } from '../registration/privilege-card.tsx';
import { RecentChanges } from './recent-changes.tsx';
import { sshIn } from './way-in.ts';

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="card p-4">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="mt-0.5 text-lg font-semibold">{children}</dd>
    </div>
  );
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-2 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** How big it is, how fresh what is known of it, what changed, and what its credential can do. */
export function OverviewTab({ connection }: { connection: Connection }) {
  const ssh = sshIn(connection);
  const { server, certificate, privileges, description, createdBy, createdAt, acknowledged, limits } = connection;
  const lowered = sayLimits(limits);
  return (
    <div className="space-y-8">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="Tables">
          <Link
            to="/databases/$connectionId"
            params={{ connectionId: connection.id }}
            search={{ tab: 'schema' }}
            className="hover:underline"
          >
            {count(connection.tables)}
          </Link>
        </Figure>
        <Figure name="Columns">{count(connection.columns)}</Figure>
        <Figure name="Last reading">{connection.lastReadAt ? <When at={connection.lastReadAt} /> : 'Not yet'}</Figure>
        <Figure name="Read again">
          {limits.rescanHours === 0 ? 'When asked' : limits.rescanHours === 24 ? 'Daily' : `Every ${limits.rescanHours} h`}
        </Figure>
      </dl>
      <div className="grid gap-8 xl:grid-cols-2">
        <div className="min-w-0 space-y-8">
          <Block title="What this data is for">
            <p className={`max-w-[72ch] break-words whitespace-pre-wrap ${description ? '' : 'text-muted'}`}>
              {description || 'Nobody has said yet. A sentence or two help people and the AI choose the right database.'}
            </p>
          </Block>
          <Block title="What changed">
            <RecentChanges connection={connection} />
          </Block>
        </div>
        <div className="min-w-0 space-y-8">
          {privileges && (
            <Block title="What its credential can do">
              <PrivilegeCard privileges={privileges} />
            </Block>
          )}
          {lowered && (
            <Block title="Limits of its answers">
              <p>{lowered}.</p>
            </Block>
          )}
          <Block title="How it is reached">
            <div className="card space-y-3 p-4">
              <p>
                {server?.encryption
                  ? `Encrypted: ${server.encryption}`
                  : server
                    ? connection.address.tls === undefined
                      ? 'A file on the server that Portcullis runs on.'
                      : 'Not encrypted.'
                    : 'Not known yet.'}
              </p>
              {ssh && (
                <p>
                  Through the SSH server {ssh.user}@{ssh.host}:{ssh.port}, host key{' '}
                  <span className="font-mono text-xs break-all">{ssh.hostKeySha256}</span>
                </p>
              )}
              {certificate && <CertificateFacts certificate={certificate} />}
              {acknowledged.map(({ code, reason, by, at }) => (
                <p key={`${code} ${at}`} className="border-t pt-3 text-xs text-muted">
                  Accepted by {by} <When at={at} />: “{reason}”
                </p>
              ))}
              <p className="border-t pt-3 text-xs text-muted">
                Added by {createdBy.name} <When at={createdAt} />
              </p>
            </div>
          </Block>
        </div>
      </div>
    </div>
  );
}
