import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityOfTest, ORIGIN, openIdentity, PASSWORD, setupOf, tokenOf } from '../../../tests/support/identity.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import type { Actor } from '../platform/actor.ts';
import { addOrganization, resetMember } from './identity.ts';

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const page = { limit: 100 };

describe.each(storeKinds)('two organisations on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let the: IdentityOfTest;
    let acme: Actor;
    let beta: Actor;
    const offline = () => ({ store: the.store, base: ORIGIN, record: async () => {} });
    const memberId = async (admin: Actor, of: Actor) =>
      (await the.identity.listMembers(admin, page)).items.find((one) => one.user.id === of.userId)?.id ?? '';
    /** A person of both, in the eyes of each. */
    const both = async (email: string): Promise<Actor> => {
      const actor = await the.join(acme, email, 'user');
      const { url } = await the.identity.inviteMember(beta, { email, role: 'manager' });
      await the.identity.acceptInvitation({ token: tokenOf(url), password: PASSWORD });
      return actor;
    };
    beforeAll(async () => {
      house = await storeHouse(kind);
      the = await openIdentity((await house.open()).store);
      await the.identity.setup(setupOf('ada@acme.example'), { expectedToken: null, withKey: false });
      acme = (await the.who(await the.signIn('ada@acme.example'))) as Actor;
      const { url } = await addOrganization(offline(), { name: 'Beta', adminEmail: 'Bob@Beta.example' });
      await the.identity.acceptInvitation({ token: tokenOf(url), name: 'Bob', password: PASSWORD });
      beta = (await the.who(await the.signIn('bob@beta.example'))) as Actor;
    });
    afterAll(async () => {
      await the.identity.close();
      await house.close();
    });

    it('knows nothing of each other', async () => {
      expect(beta).toMatchObject({ role: 'admin' });
      expect(beta.organizationId).not.toBe(acme.organizationId);
      expect((await the.identity.listMembers(beta, page)).items).toHaveLength(1);
      const id = await memberId(acme, acme);
      const unknown = code('member.unknown');
      await expect(the.identity.removeMember(beta, { id })).rejects.toEqual(unknown);
      await expect(the.identity.changeMemberRole(beta, { id, role: 'user' })).rejects.toEqual(unknown);
      await expect(the.identity.createPasswordLink(beta, { id })).rejects.toEqual(unknown);
      const key = await the.identity.createApiKey(acme, { name: 'k', scopes: ['admin'], expiresInDays: 1 });
      expect((await the.identity.listApiKeys(beta, page)).items).toEqual([]);
      await expect(the.identity.revokeApiKey(beta, { id: key.id })).rejects.toEqual(code('key.unknown'));
      await expect(the.identity.switchOrganization(beta, { organizationId: acme.organizationId })).rejects.toEqual(
        code('caller.forbidden'),
      );
      expect(await the.identity.getMe(beta)).toMatchObject({ organization: { name: 'Beta' }, organizations: [{ name: 'Beta' }] });
    });

    it('lets in a person of another organisation by their own password alone', async () => {
      const email = 'cleo@acme.example';
      await the.join(acme, email, 'user');
      const { url } = await the.identity.inviteMember(beta, { email, role: 'admin' });
      const token = tokenOf(url);
      const accept = (password: string) => the.identity.acceptInvitation({ token, name: 'Thief', password });
      await expect(accept('what a thief would like')).rejects.toEqual(code('password.rejected'));
      expect(await accept(PASSWORD)).toEqual({ email });
      const cleo = (await the.who(await the.signIn(email))) as Actor;
      expect(cleo).toMatchObject({ name: 'cleo', organizationId: acme.organizationId, role: 'user' });
    });

    it('works in one of them at a time, for each sign-in', async () => {
      const email = 'dan@acme.example';
      await both(email);
      const [one, two] = [await the.signIn(email), await the.signIn(email)];
      await the.identity.switchOrganization((await the.who(one)) as Actor, { organizationId: beta.organizationId });
      const there = (await the.who(one)) as Actor;
      expect(there).toMatchObject({ organizationId: beta.organizationId, role: 'manager' });
      expect(await the.who(two)).toMatchObject({ organizationId: acme.organizationId, role: 'user' });
      expect((await the.identity.getMe(there)).organizations.map(({ name }) => name)).toEqual(['Acme', 'Beta']);
      const changed = await the.call('change-password', { currentPassword: PASSWORD, newPassword: 'another password' }, { cookie: one });
      const cookie = changed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      expect(await the.who(cookie)).toMatchObject({ organizationId: beta.organizationId });
      const key = await the.identity.createApiKey(there, { name: 'k', scopes: ['admin'], expiresInDays: 1 });
      const holder = (await the.holder(key.key)) as Actor;
      expect(holder).toMatchObject({ organizationId: beta.organizationId, role: 'manager' });
      expect((await the.identity.getMe(holder)).organizations).toHaveLength(1);
      await expect(the.identity.switchOrganization(holder, { organizationId: acme.organizationId })).rejects.toEqual(
        code('caller.forbidden'),
      );
    });

    it('ends in one when removed there, and goes on in the other', async () => {
      const email = 'eli@acme.example';
      const eli = await both(email);
      const [inAcme, inBeta] = [await the.signIn(email), await the.signIn(email)];
      await the.identity.switchOrganization((await the.who(inBeta)) as Actor, { organizationId: beta.organizationId });
      const key = await the.identity.createApiKey((await the.who(inBeta)) as Actor, {
        name: 'k',
        scopes: ['schema:read'],
        expiresInDays: 1,
      });
      await the.identity.removeMember(acme, { id: await memberId(acme, eli) });
      expect(await the.who(inAcme)).toBeNull();
      expect(await the.who(inBeta)).toMatchObject({ organizationId: beta.organizationId });
      expect(await the.holder(key.key)).not.toBeNull();
      expect(await the.who(await the.signIn(email))).toMatchObject({ organizationId: beta.organizationId });
    });

    it('gives no Admin the password of a person who belongs elsewhere too', async () => {
      const email = 'fred@acme.example';
      const fred = await the.join(acme, email, 'user');
      const id = await memberId(acme, fred);
      const early = await the.identity.createPasswordLink(acme, { id });
      const { url } = await the.identity.inviteMember(beta, { email, role: 'admin' });
      await the.identity.acceptInvitation({ token: tokenOf(url), password: PASSWORD });
      await expect(the.identity.acceptPasswordLink({ token: tokenOf(early.url), password: 'taken over at last' })).rejects.toEqual(
        code('link.invalid'),
      );
      await expect(the.identity.createPasswordLink(acme, { id })).rejects.toEqual(code('member.shared'));
      const offered = await resetMember(offline(), { email: 'FRED@acme.example' });
      expect(await the.identity.acceptPasswordLink({ token: tokenOf(offered.url), password: 'fred chose this one' })).toEqual({ email });
      expect(await the.who(await the.signIn(email, 'fred chose this one'))).not.toBeNull();
    });

    it('resets the last Admin from the server itself, and nobody unknown', async () => {
      const { url } = await resetMember(offline(), { email: 'bob@beta.example' });
      await the.identity.acceptPasswordLink({ token: tokenOf(url), password: 'bob is back again' });
      expect(await the.who(await the.signIn('bob@beta.example', 'bob is back again'))).toMatchObject({ role: 'admin' });
      await expect(resetMember(offline(), { email: 'nobody@beta.example' })).rejects.toEqual(code('member.unknown'));
    });

    it('leaves no setup open once an organisation was added', async () => {
      const other = await openIdentity((await house.open()).store);
      await addOrganization({ store: other.store, base: ORIGIN, record: async () => {} }, { name: 'First', adminEmail: 'a@first.example' });
      await expect(other.identity.setup(setupOf('thief@x.example'), { expectedToken: null, withKey: true })).rejects.toEqual(
        code('setup.done'),
      );
      const wrong = addOrganization(
        { store: other.store, base: ORIGIN, record: async () => {} },
        { name: 'Second', adminEmail: 'no address' },
      );
      await expect(wrong).rejects.toEqual(code('request.invalid'));
      await other.identity.close();
    });
  });
});
