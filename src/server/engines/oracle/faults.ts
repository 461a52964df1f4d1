import type { Address, StageName } from '../../../contract/connections.ts';
import type { Fault } from '../../platform/fault.ts';
import type { Explanation } from '../network/explanation.ts';
import { faultOf, late } from '../network/fault-of.ts';
import { explainCertificate, explainPin } from '../network/faults-certificate.ts';
import { explainNetwork } from '../network/faults-network.ts';
import { CertificateError, WireError as NetworkWireError } from '../network/wire-error.ts';
import { type OracleAddress, placeOf } from './address.ts';
import { explainCode, nodeCodeOf } from './faults-codes.ts';
import { byTrigger } from './faults-sign-in.ts';
import { explainWire, manner } from './faults-wire.ts';
import { Refusal, WireError } from './wire-error.ts';

/** A code that the driver, Node or we gave an error, only if it looks like one. */
function codeOf(error: object): string {
  const value: unknown = Reflect.get(error, 'code');
  return typeof value === 'string' && /^[A-Za-z0-9_/-]{1,60}$/.test(value) ? value : '';
}

/** The driver calls many errors of the server by its own “connection closed” and names the server's within. */
function innerCode(code: string, error: object): string {
  if (code !== 'NJS-500' || !(error instanceof Error)) return code;
  const inner = /\n(ORA-\d{5}|NJS-\d{3})\b/.exec(error.message)?.[1] ?? code;
  return inner === 'NJS-500' ? code : inner;
}

/** The code of an error of the server or the driver, such as ORA-01017; null where it has none. */
export function oracleCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const code = innerCode(codeOf(error), error);
  return /^(ORA-\d{5}|NJS-\d{3})$/.test(code) ? code : null;
}

/** Whether it was the listener that refused, before anybody signed in. */
export const isOfListener = (error: unknown): boolean =>
  error instanceof Refusal || (error instanceof WireError && error.code === 'redirected');

function find(error: object, stage: StageName, at: OracleAddress): { explanation: Explanation; technical: string } | null {
  const code = innerCode(codeOf(error), error);
  if (error instanceof CertificateError)
    return { explanation: explainCertificate(code, error.certificate, at), technical: `${code}, SHA-256 ${error.certificate.sha256}` };
  if (error instanceof NetworkWireError && code === 'pin_mismatch')
    return { explanation: explainPin(error.certificate), technical: `SHA-256 ${error.certificate?.sha256 ?? 'unknown'}` };
  // A sign-in that never ends is not one of a listener of Oracle.
  const own = explainCode(code === 'stalled' && stage === 'auth' ? 'NJS-510' : code) ?? explainWire(code);
  if (own) return { explanation: own, technical: code };
  if (stage === 'auth' && /^ORA-20\d{3}$/.test(code)) return { explanation: byTrigger, technical: code };
  const named = nodeCodeOf(code);
  const lost = /^(ECONNRESET|EPIPE|closed_early)$/.test(named) && late.includes(stage) ? explainCode('ORA-03113') : null;
  if (lost) return { explanation: lost, technical: code };
  const explanation = explainNetwork(named === '' ? 'malformed' : named, at, manner);
  if (explanation) return { explanation, technical: code || 'malformed' };
  return /^ORA-\d{5}$/.test(code) ? { explanation: reported, technical: code } : null;
}

const reported: Explanation = {
  code: 'database.failed',
  field: null,
  happened: 'The database reported an error.',
  tryThis: ['The technical detail names it; the database’s log says more.'],
};

/** Any error of the driver, the wire or the network as a fault: classified by its code, and told without a word of the server's own. */
export const explain = (error: unknown, stage: StageName, address: Address): Fault => explainAt(error, stage, placeOf(address));

/** The same, for an address that is known to be one of this engine. */
export function explainAt(error: unknown, stage: StageName, address: OracleAddress): Fault {
  return faultOf(error, stage, (known) => find(known, stage, address));
}
