import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../tests/support/postgres.ts';
import { gate } from '../../../tests/support/require.ts';
import { boundTo, sealMany, unopened } from '../../../tests/support/rotation.ts';
import { openStore, type Store, type StorePlace } from '../platform/database.ts';
import { migrate } from '../platform/migrate.ts';
import { Secret } from '../platform/secret.ts';
import { localKeyProvider } from './key-provider.ts';
import { makeMark } from './marks.ts';
import { openVault, type Vault } from './vault.ts';
import { claimMark } from './vault-store.ts';

const victim = fileURLToPath(new URL('../../../tests/support/rotation-victim.ts', import.meta.url));
const freshKey = (): string => randomBytes(32).toString('base64');
const bound = async (id: string, slot: string) => boundTo(id, slot);
/** Secrets in the store: enough for a rotation to be met in the middle. */
const SECRETS = 120;

interface Given {
  readonly folder: string;
  readonly url?: string;
  readonly masterKey?: string | undefined;
  readonly masterKeyNext?: string | undefined;
}

/** Opens store and vault as a start does, for as long as `work` takes. */
async function within<T>({ folder, url, masterKey, masterKeyNext }: Given, work: (vault: Vault, store: Store) => Promise<T>): Promise<T> {
  const place: StorePlace = url === undefined ? { folder } : { url: new Secret(url) };
  const store = await openStore(place);
  try {
    await migrate(store);
    const secret = (text: string | undefined) => (text === undefined ? null : new Secret(text));
    const keys = { masterKey: secret(masterKey), masterKeyFile: null, masterKeyNext: secret(masterKeyNext) };
    const vault = await openVault({ config: { ...keys, databaseUrl: secret(url), dataDir: folder }, store, embedded: url === undefined });
    return await work(vault, store);
  } finally {
    await store.close();
  }
}

/** Lets a process rotate, and ends it after so many milliseconds; null: once it is done. Says how long it took. */
async function rotateIn(given: Given, killAfter: number | null): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, [victim, JSON.stringify(given)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said = (word: string) =>
    new Promise<void>((resolve) => child.stdout?.on('data', (data: Buffer) => (data.toString().includes(word) ? resolve() : undefined)));
  await Promise.race([said('ready'), ended]);
  const began = performance.now();
  const rotated = said('rotated');
  child.stdin?.write('rotate\n');
  await Promise.race([killAfter === null ? rotated : setTimeout(killAfter), ended]);
  const took = performance.now() - began;
  child.kill('SIGKILL');
  await ended;
  return took;
}

const kinds = [
  { kind: 'embedded', skip: false, rounds: 20 },
  { kind: 'server', skip: gate('postgres').skip, rounds: 6 },
] as const;

describe.each(kinds)('rotation of the master key over the $kind store', ({ kind, skip, rounds }) => {
  describe.skipIf(skip)('with a store', () => {
    let server: PostgresServer | undefined;
    let folder: string;
    let given: Given;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'portcullis-rotation-'));
      server = kind === 'server' ? await startPostgres() : undefined;
      await server?.createDatabase('store');
      given = server ? { folder, url: server.url('store'), masterKey: freshKey(), masterKeyNext: freshKey() } : { folder };
      await within(given, async (vault, { db }) => sealMany(db, vault, SECRETS));
    });
    afterAll(async () => {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('killed at random moments leaves every secret to be opened, and goes on', async () => {
      const cookie = await within(given, async (vault) => (await vault.key('cookie')).export().toString('hex'));
      const took = await rotateIn(given, null);
      const seen = { finished: 0, begun: 0, untouched: 0 };
      for (let round = 0; round < rounds; round++) {
        const before = await within(given, (vault) => vault.status(''));
        given = fromKeyInPlace(given, before.keyId);
        await rotateIn(given, Math.random() * took);
        await within(given, async (vault, { db }) => {
          expect(await unopened(db, vault)).toEqual([]);
          expect((await vault.key('cookie')).export().toString('hex')).toBe(cookie);
          const { keyId, rotatingTo } = await vault.status('');
          seen[keyId !== before.keyId ? 'finished' : rotatingTo === null ? 'untouched' : 'begun']++;
        });
      }
      expect(seen.begun).toBeGreaterThan(0);
      // The last kill may have come after its rotation had ended.
      given = fromKeyInPlace(given, (await within(given, (vault) => vault.status(''))).keyId);
      // The next start goes on where it was cut short; then the new key alone opens everything.
      const end = await within(given, async (vault) => {
        const rotation = (await vault.resume(bound)) ?? (await vault.rotate(bound));
        expect(rotation).toMatchObject({ done: true, unreadable: 0 });
        return rotation;
      });
      if (given.masterKeyNext !== undefined) {
        const last = holds(given.masterKeyNext, end.keyId) ? given.masterKeyNext : given.masterKey;
        given = { ...given, masterKey: last, masterKeyNext: undefined };
      } else {
        await within(given, async (vault) => expect(await vault.resume(bound)).toBeNull());
        expect(readFileSync(join(folder, 'master.key'), 'utf8').trim().split('\n')).toHaveLength(1);
      }
      await within(given, async (vault, { db }) => {
        expect(await unopened(db, vault)).toEqual([]);
        expect(await vault.status('')).toMatchObject({ keyId: end.keyId, rotatingTo: null });
      });
    }, 400_000);

    it('lets secrets be sealed and opened while it goes on', async () => {
      if (kind === 'server') given = { ...given, masterKeyNext: freshKey() };
      await within(given, async (vault, { db }) => {
        const rotating = vault.rotate(bound);
        await Promise.all([sealMany(db, vault, 20), unopened(db, vault).then((wrong) => expect(wrong).toEqual([]))]);
        expect((await rotating).done).toBe(true);
        await vault.resume(bound);
        expect(await unopened(db, vault)).toEqual([]);
      });
      if (kind === 'server') given = { ...given, masterKey: given.masterKeyNext, masterKeyNext: undefined };
      await within(given, async (vault, { db }) => expect(await unopened(db, vault)).toEqual([]));
    }, 60_000);

    it('keeps the old key while a secret opens with neither', async () => {
      if (kind === 'server') given = { ...given, masterKeyNext: freshKey() };
      await within(given, async (vault, { db }) => {
        const row = await db.selectFrom('db_credentials').select(['connection_id', 'sealed']).executeTakeFirstOrThrow();
        const bent = Uint8Array.from(row.sealed);
        bent[40] = (bent[40] ?? 0) ^ 1;
        const put = (sealed: Uint8Array) =>
          db.updateTable('db_credentials').set({ sealed }).where('connection_id', '=', row.connection_id).execute();
        await put(bent);
        expect(await vault.rotate(bound)).toMatchObject({ done: false, unreadable: 1, todo: null });
        expect(await vault.status('')).toMatchObject({ rotatingTo: expect.any(String) });
        // Restored as it was: the old key still opens it, and the rotation ends.
        await put(row.sealed);
        expect(await unopened(db, vault)).toEqual([]);
        expect(await vault.rotate(bound)).toMatchObject({ done: true, unreadable: 0, moved: 1 });
      });
    }, 60_000);

    it('does not start without the new key while it is under way', async () => {
      if (kind === 'embedded') return;
      given = { ...given, masterKey: given.masterKeyNext, masterKeyNext: freshKey() };
      await within(given, async (_, { db }) => {
        // Begun, and cut short: announced in the store.
        await claimMark(
          db,
          'next',
          await makeMark(localKeyProvider(Buffer.from(given.masterKeyNext ?? '', 'base64'))),
          '2026-01-01T00:00:00.000Z',
        );
      });
      await expect(within({ ...given, masterKeyNext: undefined }, async () => {})).rejects.toThrow('PORTCULLIS_MASTER_KEY_NEXT');
      await within(given, async (vault) => expect(await vault.resume(bound)).toMatchObject({ done: true }));
    }, 60_000);
  });
});

/** With the key in use as the one to rotate from, and another to rotate to, where the one before was put in place. */
function fromKeyInPlace(given: Given, keyId: string): Given {
  if (given.masterKeyNext === undefined || !holds(given.masterKeyNext, keyId)) return given;
  return { ...given, masterKey: given.masterKeyNext, masterKeyNext: freshKey() };
}

/** Whether a key is the one of this id. */
function holds(key: string, keyId: string): boolean {
  return Buffer.from(localKeyProvider(Buffer.from(key, 'base64')).keyId).toString('hex') === keyId;
}
