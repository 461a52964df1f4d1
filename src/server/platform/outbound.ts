import type { Socket } from 'node:net';
import type { StageName } from '../../contract/connections.ts';
import { connectFirst, hostPort, MOST } from './outbound-connect.ts';
import { createJudge, type NetworkRules, type Verdict } from './outbound-judge.ts';
import { type Lookup, resolveOnce, systemLookup } from './outbound-resolve.ts';
import { type AdmitTarget, createTargetJudge } from './outbound-target.ts';

/** A place to dial: a name or an address, and a port. `field` names the form field that a refusal points to. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly field: string;
}

/** How a dial is followed and ended. */
export interface Dialling {
  readonly signal: AbortSignal;
  /** Called as each of its stages has been passed. */
  readonly passed?: (stage: StageName, evidence: string | null, status?: 'passed' | 'warning' | 'skipped') => void;
  /** Asked before the first of these addresses, in their one spelling, is dialled; throws where they may not be now. */
  readonly judged?: (addresses: readonly string[], port: number) => Promise<void>;
}

/** Dials through the guard: resolves once, judges every address, dials a judged one. Throws a Fault with stage dns, network or tcp; one that leads through a tunnel, also with stage tunnel. */
export type Dial = (to: Destination, how: Dialling) => Promise<Socket>;

/** The guard: the only way out of the process to an address that a person or a client can name. */
export interface Outbound {
  readonly dial: Dial;
  /** Whether an address may be dialled, for callers that come by one in another way than a name. */
  readonly judge: (address: string, port: number) => Verdict;
  /** Whether an SSH server may be asked to connect to a place, as it was typed. */
  readonly admitTarget: AdmitTarget;
}

/** Makes the guard. A name is looked up once a dial: whatever it answers later, the judged address is the dialled one. */
export function createOutbound(rules: NetworkRules & { readonly tunnelAllow?: readonly string[]; readonly lookup?: Lookup }): Outbound {
  const { judge, admit } = createJudge(rules);
  const lookup = rules.lookup ?? systemLookup;
  return {
    judge,
    admitTarget: createTargetJudge({ ...rules, tunnelAllow: rules.tunnelAllow ?? [] }),
    async dial(to, { signal, passed, judged }) {
      signal.throwIfAborted();
      const { addresses, evidence } = await resolveOnce(to, lookup, signal);
      passed?.('dns', evidence);
      const admitted = admit(to, addresses).slice(0, MOST);
      await judged?.(admitted, to.port);
      passed?.('network', `${admitted.join(', ')} allowed`);
      const { socket, address } = await connectFirst(to, admitted, signal);
      passed?.('tcp', `connected to ${hostPort(address, to.port)}`);
      return socket;
    },
  };
}
