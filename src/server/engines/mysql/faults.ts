import type { Address, StageName } from '../../../contract/connections.ts';
import type { Fault } from '../../platform/fault.ts';
import type { Explanation } from '../network/explanation.ts';
import { faultOf, late } from '../network/fault-of.ts';
import { explainCertificate, explainPin } from '../network/faults-certificate.ts';
import { explainNetwork } from '../network/faults-network.ts';
import { CertificateError, WireError } from '../network/wire-error.ts';
import { type MysqlAddress, placeOf } from './address.ts';
import { explainErrno } from './faults-errno.ts';
import { explainMethod } from './faults-method.ts';
import { explainWire } from './faults-wire.ts';
import type { Flavour } from './flavour.ts';
import { ServerError, serverErrorOf } from './server-error.ts';

/** A code of the driver or of Node, shown only if it looks like one. Some of Node’s codes for TLS alerts hold a slash. */
function codeOf(error: object): string {
  const value: unknown = Reflect.get(error, 'code');
  return typeof value === 'string' && /^[A-Za-z0-9_/]{1,60}$/.test(value) ? value : '';
}

/** The driver's own codes, as ours. */
const ofDriver: Readonly<Record<string, string>> = {
  PROTOCOL_CONNECTION_LOST: 'closed_early',
  HANDSHAKE_NO_SSL_SUPPORT: 'tls_refused',
  HANDSHAKE_SSL_ERROR: 'EPROTO',
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: 'method_unknown',
  AUTH_SWITCH_PLUGIN_ERROR: 'method_unknown',
};
const isLost = (code: string): boolean => /^(ECONNRESET|EPIPE|closed_early)$/.test(code);

function find(error: object, stage: StageName, at: MysqlAddress, flavour: Flavour): { explanation: Explanation; technical: string } | null {
  if (error instanceof ServerError) {
    const { errno, sqlState } = error;
    const technical = `errno ${errno}${sqlState === '' ? '' : ` (${sqlState})`}`;
    return { explanation: explainErrno({ errno, words: error.message, stage, at, flavour }), technical };
  }
  const said = codeOf(error);
  const code = said === '' ? 'malformed' : (ofDriver[said] ?? said);
  if (error instanceof CertificateError)
    return { explanation: explainCertificate(code, error.certificate, at), technical: `${code}, SHA-256 ${error.certificate.sha256}` };
  if (error instanceof WireError && code === 'pin_mismatch')
    return { explanation: explainPin(error.certificate), technical: `SHA-256 ${error.certificate?.sha256 ?? 'unknown'}` };
  if (late.includes(stage) && isLost(code))
    return { explanation: explainErrno({ errno: 1152, words: '', stage, at, flavour }), technical: code };
  // What the driver cannot read tells of it in codes of its own, or as any error of a program.
  const known = /^(PROTOCOL_|HANDSHAKE_|ERR_(OUT_OF_RANGE|BUFFER|INVALID))/.test(code) ? 'malformed' : code;
  if (known === 'method_unknown') return explainMethod(error, flavour);
  const explanation = explainWire(known) ?? explainNetwork(known, at, flavour.manner);
  return explanation ? { explanation, technical: known } : null;
}

/** Any error of the driver, the wire or the network as a fault: classified by its number or code, and told without a word of the server's own. */
export const explainFor =
  (flavour: Flavour) =>
  (error: unknown, stage: StageName, address: Address): Fault =>
    explainAt(error, stage, placeOf(address), flavour);

/** The same, for an address that is known to be one of this engine. */
export function explainAt(thrown: unknown, stage: StageName, address: MysqlAddress, flavour: Flavour): Fault {
  return faultOf(serverErrorOf(thrown), stage, (error) => find(error, stage, address, flavour));
}
