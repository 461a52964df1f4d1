import type { Socket } from 'node:net';
import type { StageName } from '../../contract/connections.ts';

/** A place to dial: a name or an address, and a port. `field` names the form field that a refusal points to. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly field: string;
}

/** Dials through the guard: resolves once, judges every address, dials a judged one. Throws a Fault with stage dns, network or tcp. */
export type Dial = (
  to: Destination,
  how: { readonly signal: AbortSignal; readonly passed?: (stage: StageName, evidence: string | null) => void },
) => Promise<Socket>;
