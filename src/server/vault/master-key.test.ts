import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../platform/secret.ts';
import { findMasterKey, type KeyPlace } from './master-key.ts';

let folder: string;
let path: string;
const key = randomBytes(32);
const nowhere = (): KeyPlace => ({ masterKey: null, masterKeyFile: null, databaseUrl: null, dataDir: folder });
const fromFile = (): Buffer => findMasterKey({ ...nowhere(), masterKeyFile: path }, false, false).key;
const write = (content: string | Buffer, mode = 0o600): void => {
  writeFileSync(path, content);
  chmodSync(path, mode);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-key-'));
  path = join(folder, 'some.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a key given by the environment', () => {
  it('is 32 bytes of base64', () => {
    const found = findMasterKey({ ...nowhere(), masterKey: new Secret(key.toString('base64')) }, false, true);
    expect(found).toEqual({ key, source: 'PORTCULLIS_MASTER_KEY', notice: null });
  });

  it.each(['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64'), '!'.repeat(44)])('is not %j', (text) => {
    expect(() => findMasterKey({ ...nowhere(), masterKey: new Secret(text) }, true, false)).toThrow(
      'PORTCULLIS_MASTER_KEY must be 32 bytes',
    );
  });

  it('is given once, and must be given beside a database server', () => {
    const masterKey = new Secret(key.toString('base64'));
    expect(() => findMasterKey({ ...nowhere(), masterKey, masterKeyFile: path }, true, false)).toThrow('both set');
    const databaseUrl = new Secret('postgres://store.example/portcullis');
    for (const embedded of [true, false])
      expect(() => findMasterKey({ ...nowhere(), databaseUrl }, embedded, false)).toThrow('PORTCULLIS_MASTER_KEY is needed');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a key file', () => {
  it.each([
    ['raw', key],
    ['base64', key.toString('base64')],
    ['base64 with a line end', `${key.toString('base64')}\n`],
    ['base64 without padding', key.toString('base64').replace('=', '')],
  ])('may hold the key %s', (_, content) => {
    for (const mode of [0o600, 0o400]) {
      write(content, mode);
      expect(fromFile()).toEqual(key);
      rmSync(path);
    }
  });

  it.each(['', 'x', randomBytes(31), randomBytes(64), key.toString('hex'), `${key.toString('base64')}${key.toString('base64')}`])(
    'is refused when it holds anything else (%#)',
    (content) => {
      write(content);
      expect(fromFile).toThrow('must hold 32 bytes');
    },
  );

  it.each([0o640, 0o604, 0o660, 0o644, 0o601, 0o610, 0o777])('is refused with permissions %o', (mode) => {
    write(key, mode);
    expect(fromFile).toThrow(`permissions 0${mode.toString(8)}: only its owner`);
  });

  it('must be there', () => {
    expect(fromFile).toThrow('does not exist');
    symlinkSync(join(folder, 'gone'), path);
    expect(fromFile).toThrow('does not exist');
  });

  it('may be reached by a link, as mounted secrets are, and is judged as the file it leads to', () => {
    write(key, 0o600);
    const link = join(folder, 'link');
    symlinkSync(path, link);
    expect(findMasterKey({ ...nowhere(), masterKeyFile: link }, false, false).key).toEqual(key);
    chmodSync(path, 0o644);
    expect(() => findMasterKey({ ...nowhere(), masterKeyFile: link }, false, false)).toThrow('permissions');
  });

  it('is refused when it is a folder or a pipe, without waiting for it', () => {
    mkdirSync(path);
    expect(fromFile).toThrow('not a regular file');
    rmSync(path, { recursive: true });
    execFileSync('sh', ['-c', 'mkfifo -m 600 "$0"', path]);
    expect(fromFile).toThrow('not a regular file');
  });
});

describe('the key of the embedded store', () => {
  it('is made once, for its owner alone, and announced', () => {
    const made = findMasterKey(nowhere(), true, false);
    const file = join(folder, 'master.key');
    expect(made.notice).toContain(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['master.key']);
    expect(readFileSync(file, 'utf8')).toBe(`${made.key.toString('base64')}\n`);
    for (const sealedAlready of [false, true]) expect(findMasterKey(nowhere(), true, sealedAlready)).toEqual({ ...made, notice: null });
  });

  it('is never made anew beside what is sealed', () => {
    expect(() => findMasterKey(nowhere(), true, true)).toThrow('is missing, but the store holds secrets');
    expect(existsSync(join(folder, 'master.key'))).toBe(false);
  });

  it('says so when it cannot be made', () => {
    symlinkSync(join(folder, 'gone'), join(folder, 'master.key'));
    expect(() => findMasterKey(nowhere(), true, false)).toThrow('could not be made (EEXIST)');
    expect(readdirSync(folder)).toEqual(['master.key']);
  });
});
