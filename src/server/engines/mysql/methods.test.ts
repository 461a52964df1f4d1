import { createPublicKey, verify } from 'node:crypto';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { another, failure, hello, more, ok, packet } from '../../../../tests/support/fake-mysql.ts';
import { open, type Place } from '../../../../tests/support/open-mysql.ts';
import { endAll, openSockets, serve } from '../../../../tests/support/sockets.ts';
import { Fault } from '../../platform/fault.ts';

const drawn = Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEF');
/** The server changes to ed25519 with what it drew, or with more or less of it. */
const toEd25519 = (number: number, bytes: Buffer = drawn) =>
  packet(number, Buffer.concat([Buffer.from('\xfeclient_ed25519\0', 'latin1'), bytes]));
/** What MariaDB keeps of the password that is given here: ed25519_password('secret'). */
const kept = createPublicKey({
  key: Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from('ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY=', 'base64'),
  ]),
  format: 'der',
  type: 'spki',
});

/** A server of MariaDB that says one thing for each thing that it hears, and what it heard. */
async function speaking(bytes: readonly Buffer[], method = 'mysql_native_password'): Promise<{ place: Place; heard: Buffer[] }> {
  const heard: Buffer[] = [];
  const place = await serve((socket) => {
    socket.write(hello({ method, version: '5.5.5-10.11.14-MariaDB' }));
    socket.on('data', (chunk) => {
      heard.push(chunk);
      const next = bytes[heard.length - 1];
      if (next) socket.write(next);
      else socket.end();
    });
  });
  return { place: { ...place, kind: 'mariadb' }, heard };
}
const failed = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );

afterEach(async () => {
  try {
    await expect.poll(openSockets, { timeout: 5000 }).toBe(0);
  } finally {
    endAll();
  }
});

describe('ed25519', () => {
  it('is answered by a signature alone', async () => {
    const { place, heard } = await speaking([toEd25519(2), failure(4, 1045, '28000', 'no')]);
    const fault = await failed(open(place));
    expect(fault).toMatchObject({ code: 'credential.rejected', about: { stage: 'auth' } });
    const [, answer = Buffer.alloc(0)] = heard;
    expect(answer.subarray(0, 4)).toEqual(Buffer.from([64, 0, 0, 3]));
    expect(verify(null, drawn, kept, answer.subarray(4))).toBe(true);
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('secret');
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['what other methods draw', drawn.subarray(0, 20)],
    ['one byte less', drawn.subarray(1)],
    ['one byte more', Buffer.concat([drawn, Buffer.from([0])])],
    ['far more', Buffer.alloc(4000, 7)],
  ])('is not answered where the server drew %s', async (_, bytes) => {
    const { place, heard } = await speaking([toEd25519(2, bytes), ok(4)]);
    expect(await failed(open(place))).toMatchObject({ code: 'protocol.mismatched', about: { technical: 'malformed' } });
    expect(heard.length).toBe(1);
  });

  it.each<[string, Buffer, number]>([
    ['again', toEd25519(4), 2],
    ['again with another draw', toEd25519(4, Buffer.alloc(32, 7)), 2],
    ['for the password behind it', another(4, 'mysql_clear_password'), 2],
    ['for more', more(4, 4), 2],
    ['for a key', more(4, 45, 45), 2],
    ['for a file', packet(4, Buffer.from('\xfb/etc/passwd', 'latin1')), 2],
  ])('is answered once, and not where it is asked %s', async (_, bytes, times) => {
    const { place, heard } = await speaking([toEd25519(2), bytes, ok(6)]);
    expect((await failed(open(place))).code).toMatch(/^(protocol\.mismatched|auth\.unsupported)$/);
    expect(heard.length).toBe(times);
  });

  it('is not answered over an open wire to another machine', async () => {
    const { place, heard } = await speaking([toEd25519(2), ok(4)], 'caching_sha2_password');
    const fault = await failed(open({ ...place, host: 'db.example' }, { dial: async () => createConnection(place.port, '127.0.0.1') }));
    expect(fault).toMatchObject({ code: 'auth.unsupported', about: { stage: 'auth', field: 'address.tls', technical: 'digest_refused' } });
    expect(fault.about.detail).toMatch(/ed25519.*It was not sent/);
    expect(heard.length).toBe(1);
  });

  it('may be the second of the methods of an account', async () => {
    const { place, heard } = await speaking([another(2, 'mysql_native_password'), toEd25519(4), failure(6, 1045, '28000', 'no')]);
    expect((await failed(open(place))).code).toBe('credential.rejected');
    expect(heard.length).toBe(3);
  });
});

it('a greeting with sha256_password is not answered with the password, which is asked for once it is', async () => {
  const { place, heard } = await speaking([another(2, 'sha256_password'), failure(4, 1045, '28000', 'no')], 'sha256_password');
  expect((await failed(open({ ...place, kind: 'mysql' }))).code).toBe('credential.rejected');
  expect(heard[1]?.subarray(4)).toEqual(Buffer.from([1]));
  expect(Buffer.concat(heard).toString('latin1')).not.toContain('secret');
  const far = await speaking([ok(2)], 'sha256_password');
  const dial = async () => createConnection(far.place.port, '127.0.0.1');
  expect((await failed(open({ ...far.place, host: 'db.example' }, { dial }))).about.technical).toBe('digest_refused');
  expect(far.heard.length).toBe(0);
});

describe('a way to sign in that Portcullis does not have', () => {
  it.each<[name: string, detail: RegExp]>([
    ['parsec', /sign in by PARSEC \(plugin parsec\), which/],
    ['auth_gssapi_client', /Kerberos or Windows \(plugin auth_gssapi_client\)/],
    ['dialog', /PAM.* \(plugin dialog\)/],
    ['mysql_clear_password', /in clear.* \(plugin mysql_clear_password\)/],
    ['authentication_webauthn_client', /a security key \(plugin authentication_webauthn_client\)/],
    ['unheard_of', /sign in by the plugin unheard_of, which/],
    ['toString', /sign in by the plugin toString, which/],
  ])('is told by its name, and what to do: %s', async (name, detail) => {
    for (const kind of ['mariadb', 'mysql'] as const) {
      const { place, heard } = await speaking([another(2, name), ok(4)]);
      const { code, about } = await failed(open({ ...place, kind }));
      expect([code, about.stage, about.field]).toEqual(['auth.unsupported', 'auth', 'credentials.readOnly.username']);
      expect(about.detail).toMatch(detail);
      expect(about.technical).toBe(`method_unknown, plugin ${name}`);
      expect(about.tryThis?.join()).toContain(kind === 'mysql' ? 'caching_sha2_password' : 'IDENTIFIED VIA ed25519');
      expect(heard.length).toBe(1);
    }
  });

  it('is told where it is a second factor, or of long ago', async () => {
    const second = packet(4, Buffer.from('\x02authentication_webauthn_client\0abc'));
    const asked = await failed(open((await speaking([toEd25519(2), second])).place));
    expect(asked.about.detail).toMatch(/second factor beside the password: a security key \(plugin authentication_webauthn_client\)/);
    const old = await failed(open((await speaking([packet(2, Buffer.from([254]))])).place));
    expect(old.about.detail).toContain('mysql_old_password');
  });

  it.each([
    ['\x1b[2J<script>alert(1)</script>', /the plugin ��2J�script�alert�1���script�, which/],
    ['Call +1 555 0100 and say your password', /the plugin Call��1�555�0100�and�say�your�password, which/],
    ['x'.repeat(5000), /the plugin x{64}, which/],
    ['ü\u202e', /the plugin �+, which/],
    ['', /sign in by a plugin that it does not name, which/],
  ])('cannot say anything in its name', async (name, detail) => {
    const bytes = packet(2, Buffer.concat([Buffer.from([254]), Buffer.from(`${name}\0`), drawn.subarray(0, 21)]));
    const { about, code } = await failed(open((await speaking([bytes])).place));
    expect(code).toBe('auth.unsupported');
    expect(about.detail).toMatch(detail);
    expect(JSON.stringify({ ...about, cause: null })).not.toMatch(/<script|\\u001b|x{65}/);
  });
});
