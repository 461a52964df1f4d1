import { WireError as NetworkWireError } from '../network/wire-error.ts';

/** What a server can do wrong in TDS alone: name another server to go to, insist on encryption, or want another way to sign in than a password. */
export type WireCode = 'routed' | 'tls_required' | 'method_unknown';

/** A fault of the wire, found by us and not by the driver. */
export class WireError extends NetworkWireError<WireCode> {}
