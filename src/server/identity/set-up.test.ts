import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORIGIN, openIdentity, PASSWORD, setupOf } from '../../../tests/support/identity.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import { Secret } from '../platform/secret.ts';

const openTerms = { expectedToken: null, withKey: false };

describe.each(storeKinds)('setup on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    const fresh = async () => openIdentity((await house.open()).store);
    beforeAll(async () => {
      house = await storeHouse(kind);
    });
    afterAll(() => house.close());

    it('lets exactly one of twenty through, whole', async () => {
      const { identity, store, entries, signIn, who } = await fresh();
      expect(await identity.isSetUp()).toBe(false);
      const tries = Array.from({ length: 20 }, (_, n) => identity.setup(setupOf(`ada${n}@acme.example`, `Acme ${n}`), openTerms));
      const ended = await Promise.allSettled(tries);
      const won = ended.filter((one) => one.status === 'fulfilled');
      const refused = ended.filter((one) => one.status === 'rejected').map((one) => one.reason.code);
      expect(won).toHaveLength(1);
      expect(refused).toEqual(Array(19).fill('setup.done'));
      for (const table of ['organizations', 'members', 'auth_user', 'auth_account'] as const) {
        expect(await store.db.selectFrom(table).selectAll().execute(), table).toHaveLength(1);
      }
      expect(entries).toHaveLength(1);
      const result = won[0]?.value;
      const actor = await who(await signIn(result?.user.email ?? ''));
      expect(actor).toMatchObject({
        userId: result?.user.id,
        organizationId: result?.organization.id,
        role: 'admin',
        scopes: null,
        via: 'web',
      });
      expect(await identity.isSetUp()).toBe(true);
      await identity.close();
    });

    it('asks for the token where one is expected', async () => {
      const { identity } = await fresh();
      const terms = { expectedToken: new Secret('the-token-of-the-server'), withKey: false };
      const forbidden = expect.objectContaining({ code: 'setup.forbidden' });
      await expect(identity.setup(setupOf('ada@acme.example'), terms)).rejects.toEqual(forbidden);
      await expect(identity.setup({ ...setupOf('ada@acme.example'), token: 'the-token-of-the-serveR' }, terms)).rejects.toEqual(forbidden);
      expect(await identity.isSetUp()).toBe(false);
      const made = await identity.setup({ ...setupOf('ada@acme.example'), token: 'the-token-of-the-server' }, terms);
      expect(made.apiKey).toBeUndefined();
      await identity.close();
    });

    it('gives a program an Admin key for a day, whose last use is noted', async () => {
      const { identity, store, holder } = await fresh();
      const { apiKey, user } = await identity.setup(setupOf('ada@acme.example'), { expectedToken: null, withKey: true });
      expect(apiKey).toMatch(/^pc_[a-z2-7]{8}_[\w-]{43}$/);
      expect(await holder(apiKey)).toMatchObject({ userId: user.id, role: 'admin', scopes: ['admin'], via: 'key' });
      await identity.close();
      const [row] = await store.db.selectFrom('api_keys').selectAll().execute();
      expect(row?.last_used_at).not.toBeNull();
      expect(Date.parse(row?.expires_at ?? '') - Date.now()).toBeLessThanOrEqual(86_400_000);
      // Behind “pc_”, eight letters and a “_”: the secret itself may hold more of them.
      expect(JSON.stringify(row)).not.toContain(apiKey?.slice(12));
    });

    it('keeps nothing when the record cannot be kept', async () => {
      const { store } = await house.open();
      const { createIdentity } = await import('./identity.ts');
      const { createLog } = await import('../platform/log.ts');
      const identity = await createIdentity({
        store,
        secret: new Secret(PASSWORD.repeat(3)),
        secureCookies: false,
        origins: () => [ORIGIN],
        base: () => ORIGIN,
        log: createLog('silent'),
        testLimits: async () => ({ testsPerMinute: 10, testsUsed: 0 }),
        record: () => Promise.reject(new Error('no room')),
      });
      await expect(identity.setup(setupOf('ada@acme.example'), openTerms)).rejects.toThrow('no room');
      expect(await identity.isSetUp()).toBe(false);
      expect(await store.db.selectFrom('auth_user').selectAll().execute()).toEqual([]);
      await identity.close();
    });
  });
});
