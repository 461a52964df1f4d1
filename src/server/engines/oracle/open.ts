import type { Socket } from 'node:net';
import type { Address, StageName } from '../../../contract/connections.ts';
import type { Login, Opening } from '../engine.ts';
import { checkLogin, reasonOf } from '../network/check-login.ts';
import { placeOf } from './address.ts';
import { explainAt, isOfListener } from './faults.ts';
import { encryptedLink, type Link, openLink } from './link.ts';
import { type OracleSession, signInto, smallAnswer } from './session.ts';
import { pinSettings } from './settings.ts';
import { Wire } from './wire.ts';

/** Dials, encrypts, signs in and pins the session's settings, telling each stage as it is passed. */
export async function openSession(address: Address, login: Login, opening: Opening): Promise<OracleSession> {
  const at = placeOf(address);
  const { signal, statementTimeoutMs } = opening;
  checkLogin(login, 'Oracle');
  if (signal.aborted) throw reasonOf(signal);
  const next: Partial<Record<StageName, StageName>> = { dns: 'network', network: 'tcp', tcp: 'tls', tls: 'auth', auth: 'database' };
  let stage = 'dns' as StageName;
  const passed: NonNullable<Opening['passed']> = (done, evidence, status) => {
    stage = next[done] ?? stage;
    opening.passed?.(done, evidence, status);
  };
  let held: Pick<Socket, 'destroy'> | Wire | null = null;
  const hold = (socket: Socket) => {
    held = socket;
  };
  const abort = () => held?.destroy(reasonOf(signal));
  signal.addEventListener('abort', abort);
  try {
    const raw = await opening.dial({ host: at.host, port: at.port, field: 'address.host' }, { signal, passed });
    held = raw.on('error', () => undefined);
    stage = 'tls';
    if (signal.aborted) throw reasonOf(signal);
    const link: Link = at.tls.mode === 'disable' ? openLink(raw) : await encryptedLink(raw, at, login.clientKey, hold);
    passed('tls', link.evidence, link.warning ? 'warning' : 'passed');
    const wire = new Wire(link, smallAnswer);
    held = wire;
    void wire.closed.then(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) throw reasonOf(signal);
    const session = await signInto({ address: at, login, wire, statementTimeoutMs, passed });
    await pinSettings(session).catch(async (error) => {
      await session.close();
      throw error;
    });
    passed(
      'database',
      `${at.naming === 'sid' ? 'SID' : 'Service'} ${at.service}; the listener did not lead elsewhere, which would be refused`,
    );
    return session;
  } catch (error) {
    held?.destroy();
    signal.removeEventListener('abort', abort);
    // The listener knows the service before anybody is asked for a password.
    if (stage === 'auth' && !signal.aborted && isOfListener(error)) passed('auth', 'Not asked for: the listener refused before', 'skipped');
    throw signal.aborted ? reasonOf(signal).at(stage) : explainAt(error, stage, at);
  }
}
