import type { Certificate } from '../../../contract/connections.ts';

/** What a server of any kind can do wrong before or beside what its driver understands. */
export type NetworkCode =
  | 'tls_refused'
  | 'not_spoken'
  | 'error_before_tls'
  | 'closed_early'
  | 'malformed'
  | 'flood'
  | 'stalled'
  | 'pin_mismatch';

/** A fault of the wire, found by us and not by the driver; an engine has codes of its own beside those of every network. */
export class WireError<Code extends string = NetworkCode> extends Error {
  readonly code: Code | NetworkCode;
  /** The certificate that was shown, where there was one. */
  readonly certificate: Certificate | null;

  constructor(code: Code | NetworkCode, certificate: Certificate | null = null) {
    super(code);
    this.name = 'WireError';
    this.code = code;
    this.certificate = certificate;
  }
}

/** A certificate that was shown and not accepted, with Node's code of why. */
export class CertificateError extends Error {
  readonly code: string;
  readonly certificate: Certificate;

  constructor(code: string, certificate: Certificate) {
    super(code);
    this.name = 'CertificateError';
    this.code = code;
    this.certificate = certificate;
  }
}
