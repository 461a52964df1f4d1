import { Fault } from './fault.ts';
import type { Destination } from './outbound.ts';
import { readHost } from './outbound-host.ts';
import { createJudge, type NetworkRules } from './outbound-judge.ts';
import { inAnyNetwork } from './outbound-ranges.ts';

/** What the operator allows behind SSH servers. */
export interface TargetRules extends NetworkRules {
  /** PORTCULLIS_TUNNEL_ALLOW; empty: any but what is never dialled and what PORTCULLIS_DENY_NETWORKS excludes. */
  readonly tunnelAllow: readonly string[];
}

/** Judges where an SSH server is asked to connect to, as it was typed, and answers with the host to ask for. Throws network.forbidden. */
export type AdmitTarget = (to: Destination) => string;

/** Names under which clouds serve the credentials of their machines. */
const metadataNames =
  /^(metadata|metadata\.(google\.internal|goog|azure\.internal|platformequinix\.com|tencentyun\.com)|instance-data(\.[a-z0-9-]+)*)$/;

/**
 * Makes the judge. Behind an SSH server loopback is that server's own, so that it needs no leave; what a name leads to there cannot be known here:
 * where the operator lists networks, names are refused, but for localhost.
 */
export function createTargetJudge(rules: TargetRules): AdmitTarget {
  const { judge } = createJudge({ ...rules, loopbackAllowed: true });
  const listed = rules.tunnelAllow.length > 0;
  const within = inAnyNetwork(rules.tunnelAllow);

  return (to) => {
    const refuse = (why: string, ...tryThis: string[]): Fault =>
      new Fault('network.forbidden', {
        stage: 'network',
        field: to.field,
        detail: `Behind the tunnel, ${to.host} ${why}.`,
        tryThis,
        technical: 'refused before any packet was sent',
      });
    const host = readHost(to.host);
    if (host === null) throw refuse('is neither a host name nor an IP address', 'Check the spelling.');
    const name = 'name' in host ? host.name.replace(/\.$/, '') : null;
    if (name !== null && metadataNames.test(name))
      throw refuse(
        'is a cloud metadata service, which Portcullis never dials',
        'Name the database server itself. No setting allows this name.',
      );
    const address = 'address' in host ? host.address : name === 'localhost' ? '127.0.0.1' : null;
    if (address === null) {
      if (!listed) return name ?? to.host;
      throw refuse(
        'is a name that only the SSH server can resolve, and PORTCULLIS_TUNNEL_ALLOW lists networks',
        'Enter the IP address of the database as the SSH server reaches it.',
      );
    }
    const verdict = judge(address, to.port);
    if (!verdict.allowed) throw refuse(verdict.why, ...verdict.tryThis);
    if (listed && !within(address))
      throw refuse(
        'is in none of the networks that PORTCULLIS_TUNNEL_ALLOW lists',
        'Ask whoever runs Portcullis whether this network may be reached through SSH servers (PORTCULLIS_TUNNEL_ALLOW).',
      );
    return listed || name === null ? address : name;
  };
}
