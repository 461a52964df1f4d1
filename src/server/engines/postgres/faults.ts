import type { Address, StageName } from '../../../contract/connections.ts';
import type { Fault } from '../../platform/fault.ts';
import type { Explanation } from '../network/explanation.ts';
import { faultOf, late } from '../network/fault-of.ts';
import { explainCertificate, explainPin } from '../network/faults-certificate.ts';
import { explainNetwork } from '../network/faults-network.ts';
import { CertificateError, WireError } from '../network/wire-error.ts';
import { type PostgresAddress, placeOf } from './address.ts';
import { explainState } from './faults-sqlstate.ts';
import { explainWire, manner } from './faults-wire.ts';

/** A word that the server or the driver says of an error, shown only if it looks like one. Some of Node’s codes for TLS alerts hold a slash. */
function word(error: object, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' && /^[A-Za-z0-9_/]{1,60}$/.test(value) ? value : '';
}

/** Functions of PostgreSQL that are worth naming. Any other word may be anything, even a password that was sent in clear. */
const routines = new Set(
  `ClientAuthentication auth_failed InitializeSessionUserId InitPostgres CheckMyDatabase ProcessStartupPacket BackendInitialize ProcessClientReadInterrupt
  ProcessInterrupts aclcheck_error ExecCheckPermissions ExecCheckRTPerms PreventCommandIfReadOnly LockTableAclCheck RangeVarGetRelidExtended
  parserOpenTable exec_parse_message set_config_option SendProcSignal`.split(/\s+/),
);
/** The classes of SQLSTATE that PostgreSQL has. */
const sqlState = /^(0[0-389ABFLPZ]|2[0-8BDF]|3[489BDF]|4[0-4]|5[34578]|72|F0|HV|P0|XX)[0-9A-Z]{3}$/;

function isLost(code: string, text: string): boolean {
  return /^(ECONNRESET|EPIPE|closed_early)$/.test(code) || /^(Connection terminated|Client has encountered|Client was closed)/.test(text);
}

function find(error: object, stage: StageName, at: PostgresAddress): { explanation: Explanation; technical: string } | null {
  const code = word(error, 'code');
  const text = error instanceof Error ? error.message : '';
  if (error instanceof CertificateError)
    return { explanation: explainCertificate(code, error.certificate, at), technical: `${code}, SHA-256 ${error.certificate.sha256}` };
  if (error instanceof WireError && code === 'pin_mismatch')
    return { explanation: explainPin(error.certificate), technical: `SHA-256 ${error.certificate?.sha256 ?? 'unknown'}` };
  const routine = word(error, 'routine');
  if (/^[0-9A-Z]{5}$/.test(code) && word(error, 'severity') !== '') {
    const explanation = explainState({ sqlState: code, routine, text, stage, at });
    return { explanation, technical: `SQLSTATE ${sqlState.test(code) ? code : 'unknown'}${routines.has(routine) ? ` (${routine})` : ''}` };
  }
  if (late.includes(stage) && isLost(code, text))
    return { explanation: explainState({ sqlState: '08006', routine, text: '', stage, at }), technical: code || 'closed' };
  // What the driver says without any code is told apart by its words.
  const known =
    code !== ''
      ? code
      : /^SASL:/.test(text)
        ? 'sasl'
        : /^timeout expired/.test(text)
          ? 'ETIMEDOUT'
          : isLost('', text)
            ? 'closed_early'
            : 'malformed';
  const explanation = explainWire(known) ?? explainNetwork(known, at, manner);
  return explanation ? { explanation, technical: known } : null;
}

/** Any error of the driver, the wire or the network as a fault: classified by its code, and told without a word of the server's own. */
export const explain = (error: unknown, stage: StageName, address: Address): Fault => explainAt(error, stage, placeOf(address));

/** The same, for an address that is known to be one of this engine. */
export function explainAt(error: unknown, stage: StageName, address: PostgresAddress): Fault {
  return faultOf(error, stage, (known) => find(known, stage, address));
}
