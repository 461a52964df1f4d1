import type { Explanation, Manner } from './explanation.ts';

/** Where it was, and what the engine is called. */
interface Case extends Manner {
  readonly host: string;
  readonly port: number;
}

const at = (address: Case): string => `${address.host}:${address.port}`;

const noAnswer = (address: Case): Explanation => ({
  code: 'host.unanswering',
  stage: 'tcp',
  field: 'address.host',
  happened: `${address.host} does not answer on port ${address.port}.`,
  tryThis: [
    'A firewall may be dropping the connection: allow the address of the server that Portcullis runs on.',
    'Check the host and the port.',
  ],
  retryable: true,
});
const noRoute = (address: Case): Explanation => ({
  code: 'host.unreachable',
  stage: 'tcp',
  field: 'address.host',
  happened: `There is no route to ${address.host}.`,
  tryThis: ['The host may be reachable by IPv6 alone, or only from within another network.'],
  retryable: true,
});
const dropped = (address: Case): Explanation => ({
  code: 'protocol.mismatched',
  field: 'address.port',
  happened: `${at(address)} closed the connection before it answered.`,
  tryThis: [
    `Another service may be listening on this port: ${address.defaultPort}.`,
    'A proxy may stand between, or the server takes encrypted connections alone.',
  ],
});
const notTls = (address: Case): Explanation => ({
  code: 'tls.incompatible',
  field: 'address.tls',
  happened: `${at(address)} and Portcullis have no version of TLS in common, or what answers is not TLS.`,
  tryThis: [`Portcullis asks for TLS 1.2 or later: ${address.tlsVersions}.`, 'Check the port.'],
});

type Row = (address: Case) => Explanation;

/** Node's codes, each with what it means. */
const rows: Readonly<Record<string, Row>> = {
  ENOTFOUND: (address) => ({
    code: 'host.unresolved',
    stage: 'dns',
    field: 'address.host',
    happened: `No DNS name ${address.host} is visible from the server that Portcullis runs on.`,
    tryThis: ['Check the spelling.', 'A name of a private zone is known only within its network.'],
  }),
  EAI_AGAIN: () => ({
    code: 'resolver.unavailable',
    stage: 'dns',
    field: 'address.host',
    happened: 'The name service does not answer.',
    tryThis: ['Try again in a moment.', 'Check the name service of the server that Portcullis runs on.'],
    retryable: true,
  }),
  ECONNREFUSED: (address) => ({
    code: 'port.refused',
    stage: 'tcp',
    field: 'address.port',
    happened: `${address.host} answered, but nothing listens on port ${address.port}.`,
    tryThis: [
      `Check the port: ${address.defaultPort}.`,
      `The database may be stopped, or listen on another address (${address.listening}).`,
    ],
    retryable: true,
  }),
  ETIMEDOUT: noAnswer,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ECONNRESET: dropped,
  EPIPE: dropped,
  closed_early: dropped,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: notTls,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  ERR_SSL_BAD_RECORD_TYPE: notTls,
  tls_refused: (address) => ({
    code: 'tls.unsupported',
    stage: 'tls',
    field: 'address.tls',
    happened: `${at(address)} does not offer encryption.`,
    tryThis: [
      `Switch it on at the server (${address.encrypting}).`,
      'Only where nobody can listen on the way: choose Not encrypted, for which an Admin must give a reason.',
    ],
  }),
  not_spoken: (address) => ({
    code: 'protocol.mismatched',
    stage: 'tls',
    field: 'address.port',
    happened: `What answers on ${at(address)} does not speak ${address.label}.`,
    tryThis: [`Check the port: ${address.defaultPort}.`],
  }),
  error_before_tls: (address) => ({
    code: 'protocol.mismatched',
    stage: 'tls',
    field: 'address.port',
    happened: `${at(address)} answered with an error instead of starting encryption.`,
    tryThis: ['The server may be out of resources: try again in a moment.', 'Check the port.'],
  }),
  malformed: ({ label }) => ({
    code: 'protocol.mismatched',
    field: 'address.port',
    happened: `The server sent what is not valid in the protocol of ${label}.`,
    tryThis: ['Check the port, and what stands between Portcullis and the database.'],
  }),
  flood: () => ({
    code: 'protocol.mismatched',
    field: null,
    happened: 'The server sent far more than was asked for; the connection was ended.',
    tryThis: ['Check what answers there: a database does not do this.'],
  }),
  stalled: () => ({
    code: 'statement.expired',
    field: null,
    happened: 'The server stopped answering in the middle of a statement.',
    tryThis: ['Try again when the database is less busy.', 'A firewall may be dropping quiet connections.'],
  }),
};

/** Words of TLS by which a server turns down what the client showed; on TLS 1.3 they come only after the handshake. */
const turnedDown =
  /_ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REVOKED|EXPIRED|UNKNOWN|REQUIRED)|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)$/;

const rejectedClient: Explanation = {
  code: 'tls.rejected',
  stage: 'tls',
  field: 'address.tls.clientCertificate',
  happened: 'The server does not accept the client certificate, or wants one and got none.',
  tryThis: ['Give a certificate that an authority of the server has signed, which has not expired, with its private key.'],
};

/** What a code of Node or of our own wire means; null where it is not known. */
export function explainNetwork(code: string, place: { readonly host: string; readonly port: number }, manner: Manner): Explanation | null {
  if (Object.hasOwn(rows, code)) return rows[code]?.({ ...manner, host: place.host, port: place.port }) ?? null;
  if (turnedDown.test(code)) return rejectedClient;
  if (!/^ERR_(SSL|TLS|OSSL)_/.test(code) && code !== 'EPROTO') return null;
  return {
    code: 'tls.failed',
    stage: 'tls',
    field: 'address.tls',
    happened: 'The encrypted connection could not be set up.',
    tryThis: ['Check the port, and the encryption settings of the server.'],
  };
}
