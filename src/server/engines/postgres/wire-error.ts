import type { Certificate } from '../../../contract/connections.ts';

/** What a server can do wrong before or beside what the driver understands. */
export type WireCode =
  | 'tls_refused'
  | 'not_postgres'
  | 'error_before_tls'
  | 'closed_early'
  | 'malformed'
  | 'flood'
  | 'stalled'
  | 'cleartext_refused'
  | 'md5_refused'
  | 'method_unknown'
  | 'unproven'
  | 'pin_mismatch';

/** A fault of the wire, found by us and not by the driver. */
export class WireError extends Error {
  readonly code: WireCode;
  /** The certificate that was shown, where there was one. */
  readonly certificate: Certificate | null;

  constructor(code: WireCode, certificate: Certificate | null = null) {
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
