import { WireError as NetworkWireError } from '../network/wire-error.ts';

/** What a server can do wrong in this protocol alone. */
export type WireCode = 'digest_refused' | 'cleartext_refused' | 'method_unknown' | 'file_asked';

/** A fault of the wire, found by us and not by the driver. */
export class WireError extends NetworkWireError<WireCode> {}

/** The server wants a way to sign in that we have not got: the name that it has for it, as it sent it. */
export class UnknownMethod extends WireError {
  readonly method: string;
  /** Whether it is wanted beside the password. */
  readonly second: boolean;

  constructor(method: string, second = false) {
    super('method_unknown');
    this.method = method;
    this.second = second;
  }
}
