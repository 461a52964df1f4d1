import { WireError as NetworkWireError } from '../network/wire-error.ts';

/** What a server can do wrong in this protocol alone. */
export type WireCode = 'native_refused' | 'cleartext_refused' | 'method_unknown' | 'file_asked';

/** A fault of the wire, found by us and not by the driver. */
export class WireError extends NetworkWireError<WireCode> {}
