import type { Socket } from 'node:net';
import type { Address, StageName } from '../../../contract/connections.ts';
import type { Login, Opening } from '../engine.ts';
import { checkLogin, reasonOf } from '../network/check-login.ts';
import { encrypt } from '../network/encrypt.ts';
import { type PostgresAddress, placeOf } from './address.ts';
import { explainAt } from './faults.ts';
import { type PostgresSession, signInto, smallAnswer } from './session.ts';
import { makeReadOnly } from './settings.ts';
import { askForTls } from './tls.ts';
import { Wire } from './wire.ts';

interface Link {
  readonly wire: Wire;
  readonly certificate: PostgresSession['certificate'];
  readonly encryption: string | null;
}

async function link(
  raw: Socket,
  at: PostgresAddress,
  login: Login,
  passed: NonNullable<Opening['passed']>,
  hold: (socket: Socket) => void,
): Promise<Link> {
  if (at.tls.mode === 'disable') {
    passed('tls', 'Not encrypted', 'warning');
    return { wire: new Wire(raw, smallAnswer), certificate: null, encryption: null };
  }
  await askForTls(raw);
  const { socket, certificate, evidence, warning } = await encrypt(raw, at, login.clientKey, hold);
  passed('tls', evidence, warning ? 'warning' : 'passed');
  return { wire: new Wire(socket, smallAnswer), certificate, encryption: `${socket.getProtocol()}, ${socket.getCipher().name}` };
}

/** Dials, encrypts, signs in and makes the session read-only, telling each stage as it is passed. */
export async function openSession(address: Address, login: Login, opening: Opening): Promise<PostgresSession> {
  const at = placeOf(address);
  const { signal } = opening;
  checkLogin(login, 'PostgreSQL', true);
  if (signal.aborted) throw reasonOf(signal);
  const next: Partial<Record<StageName, StageName>> = { dns: 'network', network: 'tcp', tcp: 'tls', tls: 'auth', auth: 'database' };
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
    const { wire, ...about } = await link(raw, at, login, passed, (socket) => {
      held = socket;
    });
    held = wire.once('close', () => signal.removeEventListener('abort', abort));
    if (signal.aborted) throw reasonOf(signal);
    const { dial, statementTimeoutMs } = opening;
    const session = await signInto({ address: at, login, wire, ...about, statementTimeoutMs, dial, passed });
    await makeReadOnly(session, opening.statementTimeoutMs).catch(async (error) => {
      await session.close();
      throw error;
    });
    passed('database', at.database);
    return session;
  } catch (error) {
    held?.destroy();
    signal.removeEventListener('abort', abort);
    throw signal.aborted ? reasonOf(signal).at(stage) : explainAt(error, stage, at);
  }
}
