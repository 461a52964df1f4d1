import { WireError as NetworkWireError } from '../network/wire-error.ts';

/** What a server can do wrong in PostgreSQL's protocol alone. */
export type WireCode = 'cleartext_refused' | 'md5_refused' | 'method_unknown' | 'password_wanted' | 'unproven';

/** A fault of the wire, found by us and not by the driver. */
export class WireError extends NetworkWireError<WireCode> {}
