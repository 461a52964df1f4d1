import { describe, expect, test } from 'vitest';
import type { EngineDescription, Field } from '../../../contract/engines.ts';
import { mistakesIn } from './check-draft.ts';
import { changedSince, draftFor, emptyDraft, targetOf, touches } from './draft.ts';
import { sshOf } from './ssh-widget.tsx';
import { stageLines } from './stage-words.ts';
import { tlsOf } from './tls-widget.tsx';
import { mistakesInTunnel } from './tunnel-draft.ts';

const field = (over: Partial<Field> & Pick<Field, 'name'>): Field => ({
  title: over.name,
  help: null,
  placeholder: null,
  widget: 'text',
  section: 'where',
  required: true,
  order: 1,
  initial: '',
  schema: {},
  when: null,
  warnings: [],
  ...over,
});
const engine = {
  address: [
    field({ name: 'host' }),
    field({ name: 'tls', widget: 'tls', section: 'encryption', initial: { mode: 'verify-full' } }),
    field({ name: 'ssh', title: 'SSH tunnel', widget: 'ssh', section: 'tunnel', required: false, initial: null }),
  ],
  credentials: [field({ name: 'username' }), field({ name: 'password', widget: 'password' })],
  keyAlone: true,
} as unknown as EngineDescription;
const ssh = { host: 'bastion', port: 22, user: 'ada', hostKeySha256: null };
const begun = draftFor(emptyDraft, engine);
const filled = { ...begun, address: { ...begun.address, host: 'db' }, credentials: { username: 'reader', password: 'secret' } };
const through = { ...filled, address: { ...filled.address, ssh } };

describe('a tunnel in the draft', () => {
  test('is off, and nothing of it is sent', () => {
    expect(targetOf({ ...filled, tunnel: { ...filled.tunnel, password: 'left over' } }, engine)).toMatchObject({
      address: { ssh: null },
      credentials: { readOnly: { username: 'reader', password: 'secret' } },
    });
    expect(targetOf(filled, engine).credentials).not.toHaveProperty('tunnel');
    expect(mistakesIn(filled, engine)).toEqual([]);
  });

  test('is sent with a password or with a key, and what is missing has its place', () => {
    expect(mistakesIn({ ...through, address: { ...through.address, ssh: { ...ssh, host: ' ', port: null, user: '' } } }, engine)).toEqual([
      { path: 'address.ssh.host', message: 'Enter the host of the SSH server.' },
      { path: 'address.ssh.port', message: 'SSH port must be between 1 and 65535.' },
      { path: 'address.ssh.user', message: 'Enter the user of the SSH server.' },
      { path: 'credentials.tunnel.password', message: 'Enter the password of the SSH server.' },
    ]);
    const tunnel = { ...through.tunnel, password: 'p', privateKey: 'k' };
    expect(targetOf({ ...through, tunnel }, engine).credentials).toMatchObject({ tunnel: { password: 'p' } });
    const keyed = { ...tunnel, kind: 'key' as const };
    expect(targetOf({ ...through, tunnel: keyed }, engine).credentials?.tunnel).toEqual({ privateKey: 'k' });
    expect(targetOf({ ...through, tunnel: { ...keyed, passphrase: 'w' } }, engine).credentials?.tunnel).toEqual({
      privateKey: 'k',
      passphrase: 'w',
    });
    expect(mistakesInTunnel({ ...keyed, privateKey: '' })[0]?.path).toBe('credentials.tunnel.privateKey');
  });

  test('makes the test worthless when it is changed, and mends what was wrong with it', () => {
    expect(changedSince(filled, through, engine)).toEqual(['SSH tunnel']);
    expect(changedSince(through, { ...through, tunnel: { ...through.tunnel, password: 'p' } }, engine)).toEqual([
      'login of the SSH server',
    ]);
    const touched = touches(through, { tunnel: through.tunnel });
    expect([touched('credentials.tunnel.password'), touched('credentials.readOnly.password')]).toEqual([true, false]);
  });

  test('has a line of its own in the test, where there is one', () => {
    expect(stageLines([], true, true).map(({ stage }) => stage)).not.toContain('tunnel');
    expect(stageLines([], true, true, true).map(({ stage }) => stage)).toContain('tunnel');
  });

  test('is read from whatever came', () => {
    expect([sshOf(null), sshOf({ host: 'h', port: 2222 })]).toEqual([
      { host: '', port: 22, user: '', hostKeySha256: null },
      { host: 'h', port: 2222, user: '', hostKeySha256: null },
    ]);
  });
});

describe('a client certificate in the draft', () => {
  const tls = { mode: 'verify-full', clientCertificate: '-----BEGIN CERTIFICATE-----' };
  const shown = { ...filled, address: { ...filled.address, tls } };

  test('asks for its key, which may stand in for a password', () => {
    expect(mistakesIn(shown, engine).map(({ path }) => path)).toEqual(['credentials.readOnly.clientKey']);
    const keyed = { ...shown, clientKey: 'key', credentials: { username: 'reader', password: '' } };
    expect(mistakesIn(keyed, engine)).toEqual([]);
    expect(targetOf(keyed, engine).credentials).toEqual({ readOnly: { username: 'reader', clientKey: 'key' } });
    expect(mistakesIn(keyed, { ...engine, keyAlone: false }).map(({ path }) => path)).toEqual(['credentials.readOnly.password']);
  });

  test('without one no key is sent, and in the clear there is none', () => {
    expect(targetOf({ ...filled, clientKey: 'left over' }, engine).credentials?.readOnly).toEqual({
      username: 'reader',
      password: 'secret',
    });
    expect([tlsOf(tls), tlsOf({ ...tls, mode: 'disable' })]).toEqual([tls, { mode: 'disable' }]);
  });
});
