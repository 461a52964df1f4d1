import { ChevronRight } from 'lucide-react';
import type { Certificate, HostKey, StageFault } from '../../../contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** The certificate that a server showed, to compare with what its owner says. */
export function CertificateFacts({ certificate }: { certificate: Certificate }) {
  const facts: readonly [string, string][] = [
    ['For', certificate.subject],
    ['Names', certificate.names.join(', ') || 'none'],
    ['Issued by', certificate.issuer],
    ['Valid', `${certificate.validFrom.slice(0, 10)} to ${certificate.validTo.slice(0, 10)}`],
    ['SHA-256', certificate.sha256],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className={name === 'SHA-256' ? 'font-mono break-all' : 'break-words'}>
            <Untrusted text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Faults of a certificate that a person may decide to take all the same. */
const pinnableCodes: readonly StageFault['code'][] = ['tls.untrusted', 'tls.misnamed', 'tls.expired', 'tls.changed'];

interface Props {
  fault: StageFault;
  certificate: Certificate | null;
  hostKey: HostKey | null;
  onPin?: ((certificate: Certificate) => void) | undefined;
  onTrust?: ((key: HostKey) => void) | undefined;
}

/** What happened · What to try · Technical detail. */
export function FaultExplanation({ fault, certificate, hostKey, onPin, onTrust }: Props) {
  const pinnable = certificate && onPin && pinnableCodes.includes(fault.code);
  const trustable = hostKey && onTrust && fault.code === 'tunnel.unconfirmed';
  return (
    <div className="appear mt-2 space-y-3 rounded-md bg-danger-soft p-3">
      <div>
        <h4 className="text-xs font-semibold text-danger">What happened</h4>
        <p className="break-words">
          <Untrusted text={fault.happened} />
        </p>
      </div>
      {fault.tryThis.length > 0 && (
        <div>
          <h4 className="text-xs font-semibold text-danger">What to try</h4>
          <ul className="list-disc space-y-0.5 pl-4">
            {fault.tryThis.map((hint) => (
              <li key={hint} className="break-words">
                <Untrusted text={hint} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {pinnable && (
        <div className="space-y-2 rounded-md border bg-surface p-3">
          <p>This is the certificate it showed. Pin it only if whoever runs the database confirms the fingerprint by another way.</p>
          <CertificateFacts certificate={certificate} />
          <Button size="small" onClick={() => onPin(certificate)}>
            Pin this certificate
          </Button>
        </div>
      )}
      {trustable && (
        <div className="space-y-2 rounded-md border bg-surface p-3">
          <p>This is the key it showed. Trust it only if whoever runs the SSH server confirms the fingerprint by another way.</p>
          <p className="font-mono text-xs break-all">
            {hostKey.type} {hostKey.sha256}
          </p>
          <Button size="small" onClick={() => onTrust(hostKey)}>
            Trust this host key
          </Button>
        </div>
      )}
      <details className="group">
        <summary className="flex list-none items-center gap-1 rounded-sm text-xs font-semibold text-muted">
          <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
          Technical detail
        </summary>
        <div className="mt-1.5 flex items-start justify-between gap-2">
          <code className="font-mono text-xs break-all">
            {fault.code} · <Untrusted text={fault.technical} />
          </code>
          <CopyButton text={`${fault.code}\n${fault.happened}\n${fault.technical}`} what="Copy" />
        </div>
      </details>
    </div>
  );
}
