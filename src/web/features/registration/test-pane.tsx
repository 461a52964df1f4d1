import { Copy, History } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Certificate, HostKey } from '../../../contract/connections.ts';
import { type Draft, hasTunnel } from './draft.ts';
import { PrivilegeCard } from './privilege-card.tsx';
import { sshOf } from './ssh-widget.tsx';
import { TestConnectionStatus } from './test-connection-status.tsx';
import { tlsOf } from './tls-widget.tsx';
import type { ConnectionForm } from './use-connection-form.ts';
import { whyUntested } from './use-connection-form.ts';

/** The button that starts the test stands elsewhere, with the way to save. */
export const testButton = 'start-test';

/** The test beside the fields: its stages, then what the credential can do. */
export function TestPane({ form, lead }: { form: ConnectionForm; lead: string }) {
  const { test, engine, draft, patch, changes, expired } = form;
  /** Takes what the server showed, and goes on to the next test: the button that was pressed is gone then. */
  const confirm = (shown: Draft['address']) => {
    patch({ address: { ...draft.address, ...shown } });
    requestAnimationFrame(() => document.getElementById(testButton)?.focus());
  };
  const field = engine?.address.find(({ widget }) => widget === 'tls');
  const pin =
    field &&
    ((certificate: Certificate) => {
      // A client certificate is shown to whichever server: it stays.
      const { clientCertificate } = tlsOf(draft.address[field.name]);
      const pinned = { mode: 'pinned', sha256: certificate.sha256, ...(clientCertificate === undefined ? {} : { clientCertificate }) };
      confirm({ [field.name]: pinned });
    });
  const tunnel = engine?.address.find(({ widget }) => widget === 'ssh');
  const through = engine !== null && hasTunnel(draft, engine);
  const trust =
    tunnel && ((key: HostKey) => confirm({ [tunnel.name]: { ...sshOf(draft.address[tunnel.name]), hostKeySha256: key.sha256 } }));
  const stale = test.phase === 'done' && (changes.length > 0 || expired);
  const { result } = test;
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (result?.ok) outcome.current?.scrollIntoView({ block: 'nearest' });
  }, [result]);
  return (
    <>
      <section aria-labelledby="test-heading">
        <h3 id="test-heading" className="text-md font-semibold">
          Test
        </h3>
        {test.phase === 'idle' && <p className="mt-0.5 mb-2 text-muted">{lead}</p>}
        {stale && (
          <p role="status" className="mt-2 mb-2 flex items-start gap-2 rounded-md bg-warn-soft p-3 font-medium text-warn">
            <History aria-hidden className="mt-0.5 size-4 shrink-0" />
            {whyUntested(form)}
          </p>
        )}
        <TestConnectionStatus
          test={test}
          onCancel={form.cancelTest}
          onPin={stale ? undefined : pin}
          onTrust={stale ? undefined : trust}
          through={through}
        />
      </section>
      <div ref={outcome} className="space-y-4 empty:hidden">
        {result && result.sameDatabaseAs.length > 0 && (
          <p className="flex items-start gap-2 rounded-md bg-info-soft p-3 text-info">
            <Copy aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span>
              This database is registered already as <strong>{result.sameDatabaseAs.join(', ')}</strong>. You may add it again, with another
              login for instance.
            </span>
          </p>
        )}
        {result?.privileges && !stale && <PrivilegeCard privileges={result.privileges} />}
      </div>
    </>
  );
}
