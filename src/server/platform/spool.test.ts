import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Spool } from './spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

describe('a spool', () => {
  it('gives back the texts of a group as they came, whatever they are', () => {
    const spool = new Spool();
    const texts = ['a', '', 'ü 👾 \u0000 "', 'x'.repeat(1_000_000)];
    for (const text of texts) {
      spool.put(7, text);
      spool.put(8, 'another');
    }
    expect(spool.texts(7)).toEqual(texts);
    expect(spool.texts(8)).toHaveLength(texts.length);
    expect(spool.texts(9)).toEqual([]);
    spool.close();
  });

  it('leaves no file that anybody could find, from its beginning on', () => {
    const spool = new Spool();
    for (let n = 0; n < 1000; n++) spool.put(n, 'x'.repeat(50_000));
    expect(readdirSync(folder)).toEqual([]);
    expect(spool.texts(999)).toHaveLength(1);
    spool.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says which folder it cannot use', () => {
    vi.stubEnv('TMPDIR', join(folder, 'missing'));
    expect(() => new Spool()).toThrow(/temporary folder .*missing.* TMPDIR/);
  });
});
