import type { Socket } from 'node:net';
import type { Address, StageName } from '../../../contract/connections.ts';
import type { Login, Opening } from '../engine.ts';
import { isLoopback } from '../network/address.ts';
import { checkLogin, reasonOf } from '../network/check-login.ts';
import { encrypt } from '../network/encrypt.ts';
import { placeOf } from './address.ts';
import { explainAt } from './faults.ts';
import type { Flavour } from './flavour.ts';
import { type MysqlSession, signInto, smallAnswer } from './session.ts';
import { ownLimits, pin } from './settings.ts';
import { SignIn } from './sign-in.ts';
import { Wire } from './wire.ts';

const next: Partial<Record<StageName, StageName>> = { dns: 'network', network: 'tcp', tcp: 'tls', tls: 'auth', auth: 'database' };

/** Dials, encrypts, signs in and makes the session read-only, telling each stage as it is passed. */
export async function openSession(flavour: Flavour, address: Address, login: Login, opening: Opening): Promise<MysqlSession> {
  const at = placeOf(address);
  const { signal } = opening;
  checkLogin(login, flavour.manner.label);
  if (signal.aborted) throw reasonOf(signal);
  let stage: StageName = 'dns';
  const passed: NonNullable<Opening['passed']> = (done, evidence, status) => {
    stage = next[done] ?? stage;
    opening.passed?.(done, evidence, status);
  };
  let held: Socket | Wire | null = null;
  const abort = () => held?.destroy(reasonOf(signal));
  signal.addEventListener('abort', abort);
  try {
    const raw = await opening.dial({ host: at.host, port: at.port, field: 'address.host' }, { signal, passed });
    held = raw.on('error', () => undefined);
    stage = 'tls';
    if (signal.aborted) throw reasonOf(signal);
    const signIn = new SignIn({ encrypted: at.tls.mode !== 'disable', loopback: isLoopback(at.host) });
    const wire = new Wire(raw, signIn, smallAnswer);
    held = wire.once('close', () => signal.removeEventListener('abort', abort));
    if (at.tls.mode === 'disable') passed('tls', 'Not encrypted', 'warning');
    const secure = async () => {
      const { socket, certificate, evidence, warning } = await wire.secure((bare, hold) => encrypt(bare, at, login.clientKey, hold));
      passed('tls', evidence, warning ? 'warning' : 'passed');
      signIn.secured();
      return { certificate, encryption: `${socket.getProtocol()}, ${socket.getCipher().name}` };
    };
    const { dial, statementTimeoutMs, refused } = opening;
    const session = await signInto({ flavour, address: at, login, wire, signIn, secure, statementTimeoutMs, dial, refused, passed });
    await pin(session, ownLimits(session)).catch(async (error) => {
      await session.close();
      throw error;
    });
    passed('database', at.database);
    return session;
  } catch (error) {
    held?.destroy();
    signal.removeEventListener('abort', abort);
    throw signal.aborted ? reasonOf(signal).at(stage) : explainAt(error, stage, at, flavour);
  }
}
