import type { Address, StageName } from '../../../contract/connections.ts';
import type { Fault } from '../../platform/fault.ts';
import type { Explanation } from '../network/explanation.ts';
import { faultOf, late } from '../network/fault-of.ts';
import { explainCertificate, explainPin } from '../network/faults-certificate.ts';
import { explainNetwork } from '../network/faults-network.ts';
import { CertificateError, WireError } from '../network/wire-error.ts';
import { placeOf, type SqlServerAddress } from './address.ts';
import { explainNumbers, lostSession } from './faults-number.ts';
import { signInRows } from './faults-sign-in.ts';
import { explainWire, manner } from './faults-wire.ts';
import { ServerError } from './server-error.ts';

/** The code of an error of the network or of the driver, which may stand behind others; shown only if it looks like one. */
function codeOf(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 4) return '';
  const value: unknown = Reflect.get(error, 'code');
  const code = typeof value === 'string' && /^[A-Za-z0-9_/]{1,60}$/.test(value) ? value : '';
  // The driver's word for anything that happened to the socket.
  return code === '' || code === 'ESOCKET' ? codeOf(Reflect.get(error, 'cause'), depth + 1) || code : code;
}

/** All the numbers that the server said, the first being the cause. */
export const numbersOf = ({ numbers }: ServerError): string => `SQL Server error ${numbers.slice(0, 5).join(', ')}`;

/** Whether the login was accepted and the database was not. */
export const isAboutDatabase = (error: unknown): boolean => {
  if (!(error instanceof ServerError)) return false;
  const first = signInRows[error.number];
  return typeof first === 'object' && first.stage === 'database';
};

function find(error: object, stage: StageName, at: SqlServerAddress): { explanation: Explanation; technical: string } | null {
  if (error instanceof CertificateError)
    return {
      explanation: explainCertificate(error.code, error.certificate, at),
      technical: `${error.code}, SHA-256 ${error.certificate.sha256}`,
    };
  if (error instanceof WireError && error.code === 'pin_mismatch') return pinned(error);
  if (error instanceof ServerError) return { explanation: explainNumbers(error, stage), technical: numbersOf(error) };
  const code = codeOf(error);
  if (late.includes(stage) && /^(ECONNRESET|EPIPE|ECLOSE|closed_early)$/.test(code)) return { explanation: lostSession, technical: code };
  const known = code === 'ECLOSE' || code === 'ESOCKET' ? 'closed_early' : code || 'malformed';
  const explanation = explainWire(known) ?? explainNetwork(known, at, manner);
  return explanation ? { explanation, technical: known } : null;
}

const pinned = (error: WireError) => ({
  explanation: explainPin(error.certificate),
  technical: `SHA-256 ${error.certificate?.sha256 ?? 'unknown'}`,
});

/** Any error of the driver, the wire or the network as a fault: classified by number or code, and told without a word of the server's own. */
export const explain = (error: unknown, stage: StageName, address: Address): Fault => explainAt(error, stage, placeOf(address));

/** The same, for an address that is known to be one of this engine. */
export function explainAt(error: unknown, stage: StageName, address: SqlServerAddress): Fault {
  return faultOf(error, stage, (known) => find(known, stage, address));
}
