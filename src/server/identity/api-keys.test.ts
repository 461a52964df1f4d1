import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityOfTest, openIdentity, setupOf } from '../../../tests/support/identity.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import type { Scope } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import { scopesOfRole } from './create-api-key.ts';

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const page = { limit: 100 };

describe.each(storeKinds)('API keys on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let the: IdentityOfTest;
    let admin: Actor;
    let manager: Actor;
    let user: Actor;
    const make = (actor: Actor, scopes: Scope[], name = 'a key') => the.identity.createApiKey(actor, { name, scopes, expiresInDays: 90 });
    const memberId = async (of: Actor) =>
      (await the.identity.listMembers(admin, page)).items.find((one) => one.user.id === of.userId)?.id ?? '';
    beforeAll(async () => {
      house = await storeHouse(kind);
      the = await openIdentity((await house.open()).store);
      await the.identity.setup(setupOf('ada@acme.example'), { expectedToken: null, withKey: false });
      admin = (await the.who(await the.signIn('ada@acme.example'))) as Actor;
      manager = await the.join(admin, 'mia@acme.example', 'manager');
      user = await the.join(admin, 'udo@acme.example', 'user');
    });
    afterAll(async () => {
      await the.identity.close();
      await house.close();
    });

    it('stands for its person, with its scopes, and is kept as a hash alone', async () => {
      const made = await make(manager, ['schema:read', 'schema:read', 'connection:manage']);
      expect(made.scopes).toEqual(['schema:read', 'connection:manage']);
      expect(made.key).toMatch(/^pc_[a-z2-7]{8}_[\w-]{43}$/);
      expect(made.key.startsWith(`${made.prefix}_`)).toBe(true);
      expect(await the.holder(made.key)).toMatchObject({
        userId: manager.userId,
        role: 'manager',
        scopes: made.scopes,
        via: 'key',
        keyId: made.id,
        organizationId: admin.organizationId,
      });
      const kept = JSON.stringify([
        await the.store.db.selectFrom('api_keys').selectAll().execute(),
        the.entries,
        (await the.identity.listApiKeys(manager, page)).items,
      ]);
      expect(kept).not.toContain(made.key.slice(-43));
    });

    it('decides alone when a cookie comes with it', async () => {
      const made = await make(user, ['schema:read']);
      const cookie = await the.signIn('ada@acme.example');
      const both = (authorization: string) => the.identity.authenticate(new Headers({ cookie, authorization }));
      expect(await both(`Bearer ${made.key}`)).toMatchObject({ userId: user.userId });
      for (const wrong of [
        'Bearer',
        `Bearer ${made.key}x`,
        `Bearer ${made.key.slice(0, -1)}_`,
        `Basic ${made.key}`,
        '',
        `Bearer ${made.key.toUpperCase()}`,
      ]) {
        expect(await both(wrong), wrong).toBeNull();
      }
    });

    it('holds no more than the role and the key it is made with', async () => {
      expect(scopesOfRole('user')).toEqual(['schema:read', 'query:read', 'admin']);
      expect(scopesOfRole('manager')).toEqual(['schema:read', 'query:read', 'connection:manage', 'admin']);
      expect(scopesOfRole('admin')).toHaveLength(6);
      await expect(make(user, ['schema:read', 'connection:manage'])).rejects.toEqual(code('caller.forbidden'));
      const narrow = { ...admin, via: 'key', scopes: ['schema:read'] } as Actor;
      await expect(make(narrow, ['schema:read'])).rejects.toEqual(code('caller.forbidden'));
      const wide = (await the.holder((await make(admin, ['admin'])).key)) as Actor;
      expect((await make(wide, ['schema:read', 'audit:read'])).scopes).toEqual(['schema:read', 'audit:read']);
    });

    it('runs out, also from memory', async () => {
      const made = await make(user, ['schema:read']);
      const expire = (at: number) =>
        the.store.db
          .updateTable('api_keys')
          .set({ expires_at: new Date(at).toISOString() })
          .where('id', '=', made.id)
          .execute();
      await expire(Date.now() + 1500);
      expect(await the.holder(made.key)).not.toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 1600));
      expect(await the.holder(made.key)).toBeNull();
    });

    it('is seen and revoked by its owner and by Admins, and stops at once', async () => {
      const [ofManager, ofUser] = [await make(manager, ['schema:read']), await make(user, ['schema:read'])];
      const seen = async (actor: Actor) => new Set((await the.identity.listApiKeys(actor, page)).items.map((one) => one.owner.id));
      expect(await seen(user)).toEqual(new Set([user.userId]));
      expect((await seen(admin)).size).toBe(3);
      expect(await the.holder(ofUser.key)).not.toBeNull();
      await expect(the.identity.revokeApiKey(manager, { id: ofUser.id })).rejects.toEqual(code('key.unknown'));
      expect(await the.holder(ofUser.key)).not.toBeNull();
      await the.identity.revokeApiKey(admin, { id: ofUser.id });
      await the.identity.revokeApiKey(manager, { id: ofManager.id });
      expect([await the.holder(ofUser.key), await the.holder(ofManager.key)]).toEqual([null, null]);
      await expect(the.identity.revokeApiKey(admin, { id: ofUser.id })).rejects.toEqual(code('key.unknown'));
    });

    it('lists page by page', async () => {
      const all = (await the.identity.listApiKeys(admin, page)).items.map((one) => one.id);
      const first = await the.identity.listApiKeys(admin, { limit: 2 });
      const rest = await the.identity.listApiKeys(admin, { limit: 100, cursor: first.nextCursor ?? '' });
      expect([...first.items, ...rest.items].map((one) => one.id)).toEqual(all);
      expect(rest.nextCursor).toBeNull();
    });

    it('follows the role of its person, and dies with the membership, even after they come back', async () => {
      const guest = await the.join(admin, 'gil@acme.example', 'admin');
      const made = await make(guest, ['admin']);
      expect(await the.holder(made.key)).toMatchObject({ role: 'admin' });
      await the.identity.changeMemberRole(admin, { id: await memberId(guest), role: 'user' });
      const demoted = (await the.holder(made.key)) as Actor;
      expect(demoted.role).toBe('user');
      await expect(the.identity.inviteMember(demoted, { email: 'x@acme.example', role: 'admin' })).rejects.toEqual(
        code('caller.forbidden'),
      );
      await the.identity.removeMember(admin, { id: await memberId(guest) });
      expect(await the.holder(made.key)).toBeNull();
      await expect(make(guest, ['schema:read'])).rejects.toEqual(code('caller.forbidden'));
      await the.join(admin, 'gil@acme.example', 'admin');
      expect(await the.holder(made.key)).toBeNull();
    });

    it('notes its last use in one statement for all', async () => {
      const made = await Promise.all(Array.from({ length: 5 }, () => make(user, ['schema:read'], 'used')));
      for (const { key } of [...made, ...made]) await the.holder(key);
      await the.identity.close();
      const used = (await the.identity.listApiKeys(user, page)).items.filter((one) => one.name === 'used');
      expect(used.map((one) => one.lastUsedAt !== null)).toEqual(Array(5).fill(true));
    });
  });
});
