import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aadOf, currentVersion, type SealedFor, systemAad } from './additional-data.ts';
import { openEnvelope, sealEnvelope, versionOf } from './envelope.ts';
import { localKeyProvider } from './key-provider.ts';

interface Forever {
  masterKey: string;
  sealed: { v: number; about: SealedFor; additionalData: string; secret: string; bytes: string }[];
}
const forever: Forever = JSON.parse(readFileSync(new URL('./sealed-forever.json', import.meta.url), 'utf8'));
const provider = localKeyProvider(randomBytes(32));
const aad = Buffer.from('{"v":1}');
const plain = Buffer.from('correct horse battery staple');

/** The additional data, which the test knows to exist. */
function aadFor(about: SealedFor, v: number): Uint8Array {
  const made = aadOf(about, v);
  if (!made) throw new Error(`no layout of version ${v}`);
  return made;
}

describe('sealed for ever', () => {
  it('has a sealed secret of every version', () => {
    expect(forever.sealed.map(({ v }) => v)).toEqual(Array.from({ length: currentVersion }, (_, i) => i + 1));
  });

  it.each(forever.sealed)('opens what was sealed under version $v', async ({ v, about, additionalData, secret, bytes }) => {
    const sealed = Buffer.from(bytes, 'base64');
    expect(versionOf(sealed)).toBe(v);
    expect(Buffer.from(aadFor(about, v)).toString()).toBe(additionalData);
    const opened = await openEnvelope(localKeyProvider(Buffer.from(forever.masterKey, 'base64')), aadFor(about, v), sealed);
    expect(opened.toString()).toBe(secret);
  });
});

describe('an envelope', () => {
  it('opens under its key and additional data, also when it holds nothing', async () => {
    for (const text of [plain, Buffer.alloc(0)])
      expect(await openEnvelope(provider, aad, await sealEnvelope(provider, 1, aad, text))).toEqual(text);
  });

  it('never seals the same text to the same bytes', async () => {
    const [one, two] = [await sealEnvelope(provider, 1, aad, plain), await sealEnvelope(provider, 1, aad, plain)];
    expect(Buffer.from(one).equals(two)).toBe(false);
    expect(Buffer.from(one).includes(plain)).toBe(false);
  });

  it('does not open when a single bit of any byte differs, except the version, which names other additional data', async () => {
    const sealed = await sealEnvelope(provider, 1, aad, plain);
    for (let at = 0; at < sealed.length; at++) {
      const bent = Uint8Array.from(sealed);
      bent[at] = (bent[at] ?? 0) ^ 1;
      if (at === 4)
        expect(aadOf({ organizationId: 'o', connectionId: 'c', slot: 's', engine: 'e', binding: {} }, versionOf(bent) ?? -1)).toBeNull();
      else await expect(openEnvelope(provider, aad, bent), `byte ${at}`).rejects.toThrow();
    }
  });

  it('does not open cut off anywhere, or with bytes added', async () => {
    const sealed = await sealEnvelope(provider, 1, aad, plain);
    for (let length = 0; length < sealed.length; length++)
      await expect(openEnvelope(provider, aad, sealed.subarray(0, length)), `${length} bytes`).rejects.toThrow();
    await expect(openEnvelope(provider, aad, Buffer.concat([sealed, Buffer.from([0])]))).rejects.toThrow();
  });

  it('does not open under another master key or other additional data', async () => {
    const sealed = await sealEnvelope(provider, 1, aad, plain);
    await expect(openEnvelope(localKeyProvider(randomBytes(32)), aad, sealed)).rejects.toThrow('another key');
    await expect(openEnvelope(provider, Buffer.from('{"v":2}'), sealed)).rejects.toThrow();
  });

  it('does not open with the wrapped key of another envelope', async () => {
    const [one, two] = [await sealEnvelope(provider, 1, aad, plain), await sealEnvelope(provider, 1, aad, plain)];
    const mixed = Buffer.concat([Buffer.from(one).subarray(0, 23 + 60), Buffer.from(two).subarray(23 + 60)]);
    await expect(openEnvelope(provider, aad, mixed)).rejects.toThrow();
  });
});

describe('additional data', () => {
  const about = { organizationId: 'o', connectionId: 'c', slot: 's', engine: 'e', binding: { b: 1, a: undefined } };

  it('is the same whatever the order of the fields, and takes absent for null', () => {
    expect(aadOf({ ...about, binding: { a: null, b: 1 } })).toEqual(aadOf(about));
    expect(Buffer.from(aadFor(about, 1)).toString()).toBe('{"a":null,"b":1,"connection":"c","engine":"e","org":"o","slot":"s","v":1}');
  });

  it('refuses a binding that would take the place of a field of its own, and numbers that have no one spelling', () => {
    for (const name of ['v', 'org', 'connection', 'slot', 'engine'])
      expect(() => aadOf({ ...about, binding: { [name]: 'x' } })).toThrow(name);
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => aadOf({ ...about, binding: { port: value } })).toThrow('port');
  });

  it('has no layout for versions it does not know', () => {
    for (const v of [0, 2, 255, -1]) expect(aadOf(about, v)).toBeNull();
  });

  it('of the server’s own keys is never that of a credential', () => {
    expect(Buffer.from(systemAad('mark')).toString()).toBe('{"system":"mark","v":1}');
  });
});
