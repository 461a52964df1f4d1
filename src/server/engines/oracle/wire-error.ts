import { WireError as NetworkWireError } from '../network/wire-error.ts';

/** What a listener or server can do wrong in Oracle Net alone. */
export type WireCode = 'redirected' | 'not_ours';

/** A fault of the wire, found by us and not by the driver. */
export class WireError extends NetworkWireError<WireCode> {}

/** The listener refused the connection: its own number, or null where it gave none. */
export class Refusal extends Error {
  /** As drivers write it, `ORA-12514`. */
  readonly code: string;

  constructor(number: number | null) {
    super('the listener refused');
    this.name = 'Refusal';
    this.code = number === null ? 'refused' : `ORA-${String(number).padStart(5, '0')}`;
  }
}
