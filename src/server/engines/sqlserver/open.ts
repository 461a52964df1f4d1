import type { Socket } from 'node:net';
import type { Address, StageName } from '../../../contract/connections.ts';
import type { Login, Opening } from '../engine.ts';
import { checkLogin, reasonOf } from '../network/check-login.ts';
import { placeOf } from './address.ts';
import { explainAt, isAboutDatabase } from './faults.ts';
import { loadDriver, type SqlServerSession, signInto, smallAnswer } from './session.ts';
import { makeSettled } from './settings.ts';
import { secure } from './tls.ts';
import { Wire } from './wire.ts';

/** Dials, encrypts, signs in and puts the session under our settings, telling each stage as it is passed. */
export async function openSession(address: Address, login: Login, opening: Opening): Promise<SqlServerSession> {
  const at = placeOf(address);
  const { signal, statementTimeoutMs } = opening;
  checkLogin(login, 'SQL Server');
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
    const driver = await loadDriver();
    const raw = await opening.dial({ host: at.host, port: at.port, field: 'address.host' }, { signal, passed });
    held = raw.on('error', () => undefined);
    stage = 'tls';
    if (signal.aborted) throw reasonOf(signal);
    const encrypted = await secure(raw, at, login.clientKey, (socket) => {
      held = socket;
    });
    passed('tls', encrypted?.evidence ?? 'Not encrypted', encrypted && !encrypted.warning ? 'passed' : 'warning');
    const wire = new Wire(encrypted?.socket ?? raw, smallAnswer, driver.codepageOf);
    held = wire.once('close', () => signal.removeEventListener('abort', abort));
    if (signal.aborted) throw reasonOf(signal);
    const encryption = encrypted ? `${encrypted.socket.getProtocol()}, ${encrypted.socket.getCipher().name}` : null;
    const about = { certificate: encrypted?.certificate ?? null, encryption, statementTimeoutMs };
    const accepted = () =>
      passed('auth', encrypted ? 'Password, inside the encryption' : 'Password, not encrypted', encrypted ? 'passed' : 'warning');
    const session = await signInto({ driver, address: at, login, wire, ...about }).catch((error) => {
      // The server looks at the database only when it has accepted the login.
      if (isAboutDatabase(error)) accepted();
      throw error;
    });
    accepted();
    await makeSettled(session).catch(async (error) => {
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
