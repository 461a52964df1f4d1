import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityOfTest, ORIGIN, openIdentity, PASSWORD, setupOf, tokenOf } from '../../../tests/support/identity.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import type { Member } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe.each(storeKinds)('members on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let the: IdentityOfTest;
    let admin: Actor;
    const members = async (actor: Actor): Promise<Member[]> => (await the.identity.listMembers(actor, { limit: 100 })).items;
    const memberOf = async (actor: Actor) => (await members(actor)).find((one) => one.user.id === actor.userId)?.id ?? '';
    const invite = async (email: string, role: 'admin' | 'user' = 'user') =>
      tokenOf((await the.identity.inviteMember(admin, { email, role })).url);
    beforeAll(async () => {
      house = await storeHouse(kind);
      the = await openIdentity((await house.open()).store);
      await the.identity.setup(setupOf('ada@acme.example'), { expectedToken: null, withKey: false });
      admin = (await the.who(await the.signIn('ada@acme.example'))) as Actor;
    });
    afterAll(async () => {
      await the.identity.close();
      await house.close();
    });

    it('tells who I am and what I may do', async () => {
      const me = await the.identity.getMe(admin);
      expect(me).toMatchObject({ user: { email: 'ada@acme.example' }, organization: { name: 'Acme' }, role: 'admin', scopes: null });
      expect(me.permissions).toContain('member:manage');
      const user = await the.join(admin, 'uma@acme.example', 'user');
      expect((await the.identity.getMe(user)).permissions).not.toContain('connection:create');
      const narrow = await the.identity.getMe({ ...user, via: 'key', scopes: ['schema:read'] });
      expect(narrow.permissions).toEqual([
        'self:read',
        'engine:read',
        'connection:read',
        'catalog:read',
        'catalog:search',
        'organization:read',
      ]);
    });

    it('joins with an invitation once, and signs in then', async () => {
      const { url, expiresAt } = await the.identity.inviteMember(admin, { email: 'ben@acme.example', role: 'manager' });
      expect(url.startsWith(`${ORIGIN}/invitation#token=`)).toBe(true);
      expect(Math.round((Date.parse(expiresAt) - Date.now()) / 3_600_000)).toBe(7 * 24);
      const token = tokenOf(url);
      await expect(the.identity.acceptInvitation({ token, password: PASSWORD })).rejects.toEqual(code('request.invalid'));
      await expect(the.identity.acceptInvitation({ token, name: 'Ben', password: 'short' })).rejects.toEqual(code('request.invalid'));
      const tries = await Promise.allSettled(
        Array.from({ length: 4 }, () => the.identity.acceptInvitation({ token, name: 'Ben', password: PASSWORD })),
      );
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      await expect(the.identity.acceptInvitation({ token, name: 'Ben', password: PASSWORD })).rejects.toEqual(code('link.invalid'));
      expect(await the.who(await the.signIn('ben@acme.example'))).toMatchObject({ name: 'Ben', role: 'manager' });
      const [ben] = (await members(admin)).filter((one) => one.user.email === 'ben@acme.example');
      expect(ben?.lastSignInAt).not.toBeNull();
      await expect(invite('ben@acme.example')).rejects.toEqual(code('member.existing'));
      const stored = JSON.stringify([await the.store.db.selectFrom('one_time_links').selectAll().execute(), the.entries]);
      expect(stored).not.toContain(token);
    });

    it('takes no invitation that is old, replaced, unknown or for something else', async () => {
      const first = await invite('cy@acme.example');
      const second = await invite('cy@acme.example');
      const accept = (token: string) => the.identity.acceptInvitation({ token, name: 'Cy', password: PASSWORD });
      await expect(accept(first)).rejects.toEqual(code('link.invalid'));
      await expect(accept('setup')).rejects.toEqual(code('link.invalid'));
      await expect(the.identity.acceptPasswordLink({ token: second, password: PASSWORD })).rejects.toEqual(code('link.invalid'));
      await the.store.db
        .updateTable('one_time_links')
        .set({ expires_at: new Date(Date.now() - 1).toISOString() })
        .where('email', '=', 'cy@acme.example')
        .execute();
      await expect(accept(second)).rejects.toEqual(code('link.invalid'));
    });

    it('ends what a removed member has: sign-ins, keys, links they made', async () => {
      const dora = await the.join(admin, 'dora@acme.example', 'admin');
      const cookie = await the.signIn('dora@acme.example');
      const { url } = await the.identity.inviteMember(dora, { email: 'mole@acme.example', role: 'admin' });
      await the.identity.removeMember(admin, { id: await memberOf(dora) });
      expect(await the.who(cookie)).toBeNull();
      await expect(the.identity.acceptInvitation({ token: tokenOf(url), name: 'Mole', password: PASSWORD })).rejects.toEqual(
        code('link.invalid'),
      );
      await expect(the.signIn('dora@acme.example')).rejects.toEqual(code('caller.forbidden'));
      await expect(the.identity.removeMember(admin, { id: dora.userId })).rejects.toEqual(code('member.unknown'));
      await expect(the.identity.inviteMember(dora, { email: 'x@acme.example', role: 'user' })).rejects.toEqual(code('caller.forbidden'));
    });

    it('keeps one Admin, however many leave or step down at once', async () => {
      const others = [];
      for (const name of ['eve', 'fay', 'gus']) others.push(await the.join(admin, `${name}@acme.example`, 'admin'));
      const all = [admin, ...others];
      const ids = await Promise.all(all.map(memberOf));
      const ended = await Promise.allSettled(
        all.map((actor, n) => {
          const id = ids[n] ?? '';
          return n % 2 ? the.identity.removeMember(actor, { id }) : the.identity.changeMemberRole(actor, { id, role: 'user' });
        }),
      );
      const refused = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      expect(refused).toEqual(['member.last']);
      const left = await the.store.db.selectFrom('members').selectAll().where('role', '=', 'admin').execute();
      expect(left).toHaveLength(1);
      await the.store.db.updateTable('members').set({ role: 'admin' }).where('user_id', '=', admin.userId).execute();
      expect(await memberOf(admin)).not.toBe('');
    });

    it('sets a lost password with a link of an Admin, and ends the sign-ins', async () => {
      const hal = await the.join(admin, 'hal@acme.example', 'user');
      const cookie = await the.signIn('hal@acme.example');
      for (let n = 0; n < 10; n++) await the.signIn('hal@acme.example', 'forgotten').catch(() => {});
      const { url, expiresAt } = await the.identity.createPasswordLink(admin, { id: await memberOf(hal) });
      expect(url.startsWith(`${ORIGIN}/password#token=`)).toBe(true);
      expect(Math.round((Date.parse(expiresAt) - Date.now()) / 3_600_000)).toBe(24);
      const accept = () => the.identity.acceptPasswordLink({ token: tokenOf(url), password: 'a whole new password' });
      expect(await accept()).toEqual({ email: 'hal@acme.example' });
      await expect(accept()).rejects.toEqual(code('link.invalid'));
      expect(await the.who(cookie)).toBeNull();
      expect(await the.who(await the.signIn('hal@acme.example', 'a whole new password'))).toMatchObject({ userId: hal.userId });
    });

    it('renames the organisation', async () => {
      expect(await the.identity.editOrganization(admin, { name: 'Acme Ltd' })).toMatchObject({ name: 'Acme Ltd' });
      expect(await the.identity.getOrganization(admin)).toMatchObject({ name: 'Acme Ltd', id: admin.organizationId });
    });

    it('has every change on record', () => {
      const actions = new Set(the.entries.map((entry) => entry.action));
      expect([...actions].sort()).toEqual(
        [
          'member.changed',
          'member.invited',
          'member.joined',
          'member.removed',
          'organization.created',
          'organization.renamed',
          'password.linked',
          'password.replaced',
        ].sort(),
      );
    });
  });
});
