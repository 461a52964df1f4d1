import type { Certificate } from '../../../contract/connections.ts';
import type { Explanation } from './explanation.ts';

/** What a certificate shows, so that a person can compare it and pin it. */
function shown(certificate: Certificate): string[] {
  const { subject, issuer, names, validFrom, validTo, sha256 } = certificate;
  return [
    `The server showed: subject ${subject || '(none)'}; issuer ${issuer || '(none)'}; names ${names.join(', ') || '(none)'}; valid ${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}.`,
    `Its SHA-256 fingerprint: ${sha256}`,
  ];
}

/** The fault of a certificate that was shown and not accepted, by Node's code of why. */
export function explainCertificate(code: string, certificate: Certificate, { host }: { readonly host: string }): Explanation {
  const base = { stage: 'tls' as const, field: 'address.tls' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = certificate.names.join(', ') || certificate.subject;
    return {
      ...base,
      code: 'tls.misnamed',
      field: 'address.host',
      happened: `The certificate is not for ${host} but for ${names}.`,
      tryThis: ['Use a host name that the certificate is for.', 'Or pin this certificate.', ...shown(certificate)],
    };
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return {
      ...base,
      code: 'tls.expired',
      happened: `The certificate expired on ${certificate.validTo}.`,
      tryThis: ['Have it renewed on the server.', 'Check the clock of the server that Portcullis runs on.', ...shown(certificate)],
    };
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return {
      ...base,
      code: 'tls.premature',
      happened: `The certificate is valid only from ${certificate.validFrom} on.`,
      tryThis: ['Check the clocks of both servers.', ...shown(certificate)],
    };
  }
  return {
    ...base,
    code: 'tls.untrusted',
    happened: `The certificate of ${host} is not signed by an authority that is trusted here.`,
    tryThis: [
      'Choose “My CA” and paste the authority’s certificate (Amazon RDS, Azure and Google Cloud SQL publish theirs).',
      'Or compare the fingerprint with whoever runs the server, and pin this certificate.',
      ...shown(certificate),
    ],
  };
}

/** The fault of a pinned certificate that is another one now. */
export const explainPin = (certificate: Certificate | null): Explanation => ({
  code: 'tls.changed',
  stage: 'tls',
  field: 'address.tls',
  happened: 'The server shows another certificate than the pinned one.',
  tryThis: [
    'Ask whoever runs the server whether the certificate was renewed; only then pin the new one.',
    ...(certificate ? shown(certificate) : []),
  ],
});
