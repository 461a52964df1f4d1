import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addConnectionRow } from '../../../tests/support/connection-row.ts';
import { type StoreHouse, storeHouse, storeKinds, type TestStore } from '../../../tests/support/stores.ts';
import { newId, now } from '../platform/clock.ts';
import { reveal, Secret } from '../platform/secret.ts';
import { openVault, type SealedFor, type Vault } from './vault.ts';

const run = promisify(execFile);
const about: SealedFor = {
  organizationId: newId(),
  connectionId: newId(),
  slot: 'read_only',
  engine: 'some_engine',
  binding: { host: 'db.example', port: 5432, database: 'shop', user: 'reader', tls: 'verify', ssh_host: null },
};
const secret = new Secret('{"username":"reader","password":"p\\"ä@:/?#"}');
const base64Key = (): Secret => new Secret(randomBytes(32).toString('base64'));
const unreadable = expect.objectContaining({ code: 'credential.unreadable' });

describe.each(storeKinds)('the vault over the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('with a store', () => {
    let house: StoreHouse;
    let shared: TestStore;
    const sharedKey = base64Key();
    let vault: Vault;
    const open = ({ store, folder }: TestStore, masterKey: Secret | null): Promise<Vault> =>
      openVault({ config: { masterKey, masterKeyFile: null, databaseUrl: null, dataDir: folder }, store, embedded: kind === 'embedded' });

    beforeAll(async () => {
      house = await storeHouse(kind);
      shared = await house.open();
      vault = await open(shared, sharedKey);
    }, 120_000);
    afterAll(() => house.close());

    it('opens what it sealed, for the same destination alone', async () => {
      const { sealed, v } = await vault.seal(about, secret);
      expect(v).toBe(1);
      expect(reveal(await vault.open(about, sealed))).toBe(reveal(secret));
      const { binding } = about;
      const others: SealedFor[] = [
        { ...about, organizationId: newId() },
        { ...about, connectionId: newId() },
        { ...about, slot: 'write' },
        { ...about, engine: 'other_engine' },
        { ...about, binding: { ...binding, host: 'evil.example' } },
        { ...about, binding: { ...binding, host: 'DB.example' } },
        { ...about, binding: { ...binding, port: 5433 } },
        { ...about, binding: { ...binding, port: '5432' } },
        { ...about, binding: { ...binding, database: 'shop2' } },
        { ...about, binding: { ...binding, database: null } },
        { ...about, binding: { ...binding, user: 'writer' } },
        { ...about, binding: { ...binding, tls: 'disable' } },
        { ...about, binding: { ...binding, ssh_host: 'bastion.example' } },
        { ...about, binding: { ...binding, more: null } },
        { ...about, binding: {} },
      ];
      for (const other of others) await expect(vault.open(other, sealed), JSON.stringify(other)).rejects.toEqual(unreadable);
    });

    it('says credential.unreadable of bytes that are not sealed, or damaged, without their text', async () => {
      const { sealed } = await vault.seal(about, secret);
      for (const bytes of [
        new Uint8Array(),
        Buffer.from('hunter2 hunter2 hunter2 hunter2'),
        sealed.subarray(0, 60),
        bend(sealed, 4),
        bend(sealed, 90),
      ]) {
        const fault = await vault.open(about, bytes).catch((error: Error) => error);
        expect(fault).toEqual(unreadable);
        expect(String(fault)).not.toContain('hunter2');
      }
    });

    it('opens after a restart with the same key, and not a start with another', async () => {
      const { sealed } = await vault.seal(about, secret);
      const again = await open(shared, sharedKey);
      expect(again.notice).toBeNull();
      expect(reveal(await again.open(about, sealed))).toBe(reveal(secret));
      await expect(open(shared, base64Key())).rejects.toThrow(/PORTCULLIS_MASTER_KEY is not the one that seals this store/);
    });

    it('keeps keys of its own: one purpose each, the same after a restart', async () => {
      const purposes = ['cookie', 'receipt', 'fingerprint', 'audit'] as const;
      const bytes = async (of: Vault): Promise<string[]> =>
        Promise.all(purposes.map(async (purpose) => (await of.key(purpose)).export().toString('hex')));
      const first = await bytes(vault);
      expect(new Set(first).size).toBe(4);
      for (const text of first) expect(text).toHaveLength(64);
      expect(await bytes(vault)).toEqual(first);
      expect(await bytes(await open(shared, sharedKey))).toEqual(first);
      const rows = await shared.store.db.selectFrom('system_keys').selectAll().execute();
      for (const text of first) expect(rows.some(({ sealed }) => Buffer.from(sealed).includes(Buffer.from(text, 'hex')))).toBe(false);
    });

    it('does not take the key of one purpose for another', async () => {
      const own = await house.open();
      const key = base64Key();
      await (await open(own, key)).key('cookie');
      const { db } = own.store;
      await db.updateTable('system_keys').set({ purpose: 'receipt' }).execute();
      await expect((await open(own, key)).key('receipt')).rejects.toThrow('does not open');
    });

    it('refuses to start when its mark is damaged, or gone beside secrets', async () => {
      const own = await house.open();
      const key = base64Key();
      const { db } = own.store;
      const vaultOfIt = await open(own, key);
      expect(await vaultOfIt.healthy()).toBe(true);
      const { sealed } = await db.selectFrom('vault_marks').select('sealed').executeTakeFirstOrThrow();
      await db
        .updateTable('vault_marks')
        .set({ sealed: bend(sealed, sealed.length - 1) })
        .execute();
      expect(await vaultOfIt.healthy()).toBe(false);
      await expect(open(own, key)).rejects.toThrow('damaged');
      await vaultOfIt.key('cookie');
      await db.deleteFrom('vault_marks').execute();
      expect(await vaultOfIt.healthy()).toBe(false);
      await expect(open(own, key)).rejects.toThrow('vault_marks');
    });

    it('lets one of two first starts with different keys win, and tells the other', async () => {
      const own = await house.open();
      const starts = await Promise.allSettled([open(own, base64Key()), open(own, base64Key())]);
      expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('reports its key by an id, and the credentials of one organisation', async () => {
      const organization = newId();
      expect(await vault.status(organization)).toMatchObject({
        provider: 'local',
        source: 'PORTCULLIS_MASTER_KEY',
        secrets: 0,
        oldestSecretAt: null,
      });
      const { db } = shared.store;
      const at = now();
      const connection = await addConnectionRow(db, organization, at);
      const { sealed, v } = await vault.seal({ ...about, organizationId: organization, connectionId: connection }, secret);
      await db
        .insertInto('db_credentials')
        .values({ connection_id: connection, slot: 'read_only', username: 'reader', sealed, v, created_by: newId(), created_at: at })
        .execute();
      const status = await vault.status(organization);
      expect(status).toMatchObject({ secrets: 1, oldestSecretAt: at });
      expect(status.keyId).toMatch(/^[0-9a-f]{32}$/);
      const row = await db.selectFrom('db_credentials').select('sealed').executeTakeFirstOrThrow();
      expect(reveal(await vault.open({ ...about, organizationId: organization, connectionId: connection }, row.sealed))).toBe(
        reveal(secret),
      );
    });

    if (kind === 'embedded')
      it('makes its key at the first start alone, and refuses to start without it later', async () => {
        const own = await house.open();
        const first = await open(own, null);
        expect(first.notice).toContain('master.key');
        const { sealed } = await first.seal(about, secret);
        const second = await open(own, null);
        expect(second.notice).toBeNull();
        expect(reveal(await second.open(about, sealed))).toBe(reveal(secret));
        await expect(open(own, base64Key())).rejects.toThrow('not the one that seals');
        rmSync(join(own.folder, 'master.key'));
        await expect(open(own, null)).rejects.toThrow('No new key was made');
      });
    else {
      it('does not start without a key', async () => {
        await expect(open(await house.open(), null)).rejects.toThrow('PORTCULLIS_MASTER_KEY is needed');
      });

      it('gives two processes that start at once the same keys', async () => {
        const own = await house.open();
        if (!('url' in own.place)) throw new Error('a server has a URL');
        const input = JSON.stringify({ url: reveal(own.place.url), key: reveal(base64Key()), folder: own.folder });
        const script = fileURLToPath(new URL('../../../tests/support/print-system-keys.ts', import.meta.url));
        const printed = await Promise.all([1, 2, 3].map(() => printKeys(script, input)));
        expect(printed[0]).toMatch(/^([0-9a-f]{64} ?){4}$/);
        expect(new Set(printed).size).toBe(1);
      }, 30_000);
    }
  });
});

function bend(bytes: Uint8Array, at: number): Uint8Array {
  const bent = Uint8Array.from(bytes);
  bent[at] = (bent[at] ?? 0) ^ 1;
  return bent;
}

async function printKeys(script: string, input: string): Promise<string> {
  const child = run(process.execPath, [script]);
  child.child.stdin?.end(input);
  return (await child).stdout.trim();
}
