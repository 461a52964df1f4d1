import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { Fault } from './fault.ts';
import type { Destination } from './outbound.ts';
import { oneSpelling } from './outbound-host.ts';
import { carriedIPv4, inNetwork, isLoopback, type Network, neverDialled, type Parsed, parseNetwork } from './outbound-ranges.ts';

/** What the operator allows and what this process itself listens on. */
export interface NetworkRules {
  /** PORTCULLIS_ALLOW_NETWORKS: lets loopback in, and nothing that is never dialled. */
  readonly allow: readonly string[];
  /** PORTCULLIS_DENY_NETWORKS: beats `allow`. */
  readonly deny: readonly string[];
  readonly loopbackAllowed: boolean;
  readonly ownListeners: () => readonly { readonly host: string; readonly port: number }[];
}

/** What the guard says of one address. `always`: no setting lifts the refusal. */
export type Verdict =
  | { readonly allowed: true; readonly address: string }
  | { readonly allowed: false; readonly always: boolean; readonly why: string; readonly tryThis: readonly string[] };

/** Judges addresses one by one (`judge`), and all addresses of a name together (`admit`). */
export interface Judge {
  readonly judge: (address: string, port: number) => Verdict;
  /** The addresses that may be dialled, in order. Throws network.forbidden where there are none, or one that is never dialled. */
  readonly admit: (to: Destination, addresses: readonly string[]) => readonly string[];
}

const refuse = (why: string, ...tryThis: string[]): Verdict => ({ allowed: false, always: false, why, tryThis });
const never = (why: string): Verdict => ({
  allowed: false,
  always: true,
  why: `leads to ${why}, which Portcullis never dials`,
  tryThis: ['Name the database server itself. No setting allows this address.'],
});
const denied = refuse(
  'leads into a network that PORTCULLIS_DENY_NETWORKS excludes',
  'Ask whoever runs Portcullis whether this network may be reached (PORTCULLIS_DENY_NETWORKS).',
);
const loopbackRefused = refuse(
  'leads to loopback, and localhost means the server that Portcullis runs on, not your computer',
  'Name the host as the Portcullis server reaches it; from a container that is often host.docker.internal.',
  'If the database runs beside Portcullis, whoever runs it can allow that with PORTCULLIS_ALLOW_NETWORKS=127.0.0.0/8,::1/128.',
);

export function createJudge(rules: NetworkRules): Judge {
  const [allow, deny] = [rules.allow.map(parseNetwork), rules.deny.map(parseNetwork)];
  const within = (address: Parsed, networks: readonly Network[]): boolean => networks.some((network) => inNetwork(address, network));

  const judge = (text: string, port: number): Verdict => {
    if (!ipaddr.isValid(text)) return never('something that is not an address');
    const address = ipaddr.parse(oneSpelling(text));
    const carried = carriedIPv4(address);
    for (const inner of carried) {
      const reason = neverDialled(inner) ?? (isLoopback(inner) ? 'a loopback address inside another one' : null);
      if (reason) return never(reason);
    }
    const reason = neverDialled(address);
    if (reason) return never(reason);
    if (isOwn(address, port, rules.ownListeners())) return never('Portcullis itself');
    if ([address, ...carried].some((one) => within(one, deny))) return denied;
    if (isLoopback(address) && !rules.loopbackAllowed && !within(address, allow)) return loopbackRefused;
    return { allowed: true, address: address.toString() };
  };

  const admit: Judge['admit'] = (to, addresses) => {
    const verdicts = addresses.map((address) => judge(address, to.port));
    const refused = verdicts.filter((verdict) => !verdict.allowed);
    const admitted = verdicts.flatMap((verdict) => (verdict.allowed ? [verdict.address] : []));
    const worst = refused.find(({ always }) => always) ?? (admitted.length === 0 ? refused[0] : undefined);
    if (worst)
      throw new Fault('network.forbidden', {
        stage: 'network',
        field: to.field,
        detail: `${to.host} ${worst.why}.`,
        tryThis: worst.tryThis,
        technical: 'refused before any packet was sent',
      });
    return admitted;
  };
  return { judge, admit };
}

/** Whether a dial would end at a listener of this process. */
function isOwn(address: Parsed, port: number, listeners: readonly { host: string; port: number }[]): boolean {
  const text = address.toString();
  return listeners.some((listener) => {
    if (listener.port !== port) return false;
    const host = listener.host === 'localhost' ? null : oneSpelling(listener.host);
    if (host === null) return isLoopback(address);
    return host === '0.0.0.0' || host === '::' ? isLocal(address) : host === text;
  });
}

function isLocal(address: Parsed): boolean {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return isLoopback(address) || own.some((one) => oneSpelling(one.address) === address.toString());
}
