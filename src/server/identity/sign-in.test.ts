import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookieOf, type IdentityOfTest, openIdentity, PASSWORD, setupOf } from '../../../tests/support/identity.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe.each(storeKinds)('signing in on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let the: IdentityOfTest;
    const email = 'ada@acme.example';
    beforeAll(async () => {
      house = await storeHouse(kind);
      the = await openIdentity((await house.open()).store);
      await the.identity.setup(setupOf(email), { expectedToken: null, withKey: false });
    });
    afterAll(async () => {
      await the.identity.close();
      await house.close();
    });

    it('sets a cookie out of reach of scripts, and answers no token', async () => {
      const response = await the.call('sign-in/email', { email: 'ADA@acme.example', password: PASSWORD });
      expect(response.status).toBe(200);
      const [cookie] = response.headers.getSetCookie();
      expect(cookie).toMatch(/^portcullis\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
      expect(Object.keys((await response.json()) as object)).toEqual(['user']);
      expect(await the.who(cookieOf(response))).toMatchObject({ email, role: 'admin' });
      const secure = await openIdentity(the.store, true);
      const [line] = (await secure.call('sign-in/email', { email, password: PASSWORD })).headers.getSetCookie();
      expect(line).toMatch(/^__Secure-portcullis\.session_token=.+; HttpOnly; Secure; SameSite=Lax$/);
      await secure.identity.close();
    });

    it('refuses a wrong password and an unknown address with the same words', async () => {
      const told = async (address: string) =>
        the.call('sign-in/email', { email: address, password: 'not the password' }).catch((error) => error);
      const [wrong, unknown] = [await told(email), await told('nobody@acme.example')];
      expect(wrong).toEqual(code('password.rejected'));
      expect(unknown).toEqual(code('password.rejected'));
      expect(wrong.about).toEqual(unknown.about);
      await expect(the.call('sign-in/email', { email, password: PASSWORD, rememberMe: true })).rejects.toEqual(code('request.invalid'));
      await expect(the.call('sign-in/email', { email: 'x' })).rejects.toEqual(code('request.invalid'));
    });

    it('takes no cookie that is forged, altered or of another server', async () => {
      const [cookie = ''] = (await the.signIn(email)).split('; ');
      expect(await the.who(cookie)).not.toBeNull();
      expect(await the.who(cookie.replace(/.{12}$/, 'AAAAAAAAAAA='))).toBeNull();
      expect(await the.who('portcullis.session_token=abc')).toBeNull();
      const other = await openIdentity(the.store);
      expect(await other.who(cookie)).toBeNull();
      await other.identity.close();
    });

    it('ends one sign-in, then all of them', async () => {
      const [one, two, three] = [await the.signIn(email), await the.signIn(email), await the.signIn(email)];
      const out = await the.call('sign-out', {}, { cookie: one });
      expect(out.headers.getSetCookie()[0]).toMatch(/^portcullis\.session_token=; Max-Age=0/);
      expect(await the.who(one)).toBeNull();
      expect(await the.who(two)).not.toBeNull();
      expect((await the.call('revoke-sessions', {}, { cookie: two })).status).toBe(200);
      expect([await the.who(two), await the.who(three)]).toEqual([null, null]);
      await expect(the.call('revoke-sessions', {}, { cookie: two })).rejects.toEqual(code('caller.unauthenticated'));
    });

    it('changes a password, which ends the other sign-ins', async () => {
      const [here, elsewhere] = [await the.signIn(email), await the.signIn(email)];
      const change = (currentPassword: string, newPassword: string) =>
        the.call('change-password', { currentPassword, newPassword }, { cookie: here });
      await expect(change('not the password', 'a much better one')).rejects.toEqual(code('password.rejected'));
      await expect(change(PASSWORD, 'short')).rejects.toEqual(code('request.invalid'));
      const changed = await change(PASSWORD, 'a much better one');
      expect(await the.who(cookieOf(changed))).toMatchObject({ email });
      expect([await the.who(here), await the.who(elsewhere)]).toEqual([null, null]);
      await expect(the.signIn(email)).rejects.toEqual(code('password.rejected'));
      const back = await the.call(
        'change-password',
        { currentPassword: 'a much better one', newPassword: PASSWORD },
        { cookie: await the.signIn(email, 'a much better one') },
      );
      expect(back.status).toBe(200);
    });

    it('answers who is signed in, without the token', async () => {
      const cookie = await the.signIn(email);
      const told = (await (await the.call('get-session', undefined, { cookie })).json()) as object;
      expect(Object.keys(told)).toEqual(['user', 'organizationId', 'expiresAt']);
      expect(await (await the.call('get-session')).json()).toBeNull();
    });

    it('renews a sign-in that is a day old, and ends one that has run out', async () => {
      const cookie = await the.signIn(email);
      const actor = await the.who(cookie);
      const expire = (at: number) =>
        the.store.db
          .updateTable('auth_session')
          .set({ expiresAt: new Date(at).toISOString() })
          .where('id', '=', actor?.signInId ?? '')
          .execute();
      await expire(Date.now() + 5 * 86_400_000);
      const renewed = await the.call('get-session', undefined, { cookie });
      expect(renewed.headers.getSetCookie()[0]).toContain('Max-Age=604800');
      await expire(Date.now() - 1000);
      expect(await the.who(cookie)).toBeNull();
    });

    it('opens no other path of the library', async () => {
      for (const path of [
        'sign-up/email',
        'list-sessions',
        'update-user',
        'delete-user',
        'change-email',
        'request-password-reset',
        'ok',
        'error',
        'sign-in/email/',
        'sign-in%2Femail',
        'verify-password',
      ]) {
        await expect(the.call(path, {}), path).rejects.toEqual(code('route.unknown'));
        await expect(the.call(path), path).rejects.toEqual(code('route.unknown'));
      }
    });

    it('refuses another site’s page', async () => {
      const cookie = await the.signIn(email);
      const foreign = { origin: 'http://evil.example' };
      await expect(the.call('sign-in/email', { email, password: PASSWORD }, foreign)).rejects.toEqual(code('origin.forbidden'));
      await expect(the.call('sign-out', {}, { ...foreign, cookie })).rejects.toEqual(code('origin.forbidden'));
      expect(await the.who(cookie)).not.toBeNull();
    });

    it('limits the attempts of one peer, whatever it says of itself', async () => {
      const peer = kind === 'server' ? '192.0.2.8' : '192.0.2.7';
      // From a foreign page: counted like any other, and refused before the slow hash.
      const attempt = (n: number) =>
        the
          .call(
            'sign-in/email',
            { email: `p${n}@acme.example`, password: 'x' },
            { origin: 'http://evil.example', 'x-forwarded-for': `9.9.9.${n}`, 'x-portcullis-peer': `9.9.8.${n}` },
            peer,
          )
          .catch((error) => error.code);
      for (let n = 0; n < 60; n++) expect(await attempt(n)).toBe('origin.forbidden');
      const limited = await the.call('sign-in/email', { email, password: PASSWORD }, {}, peer).catch((error) => error);
      expect(limited).toMatchObject({ code: 'rate.exceeded' });
      expect(limited.about.retryAfter).toBeGreaterThan(0);
      expect(await the.signIn(email)).toContain('portcullis');
    });

    it('stops guessing at one account after ten from one place, known or not', async () => {
      for (const address of ['guessed@acme.example', email]) {
        const peer = '198.51.100.9';
        const guess = () => the.call('sign-in/email', { email: address, password: 'a wrong guess' }, {}, peer).catch((error) => error.code);
        await the.store.db.deleteFrom('attempts').execute();
        for (const most of [5, 5])
          expect(await Promise.all(Array.from({ length: most }, guess))).toEqual(Array(most).fill('password.rejected'));
        expect(await Promise.all(Array.from({ length: 10 }, guess))).toEqual(Array(10).fill('rate.exceeded'));
        const refused = await the.call('sign-in/email', { email: address, password: PASSWORD }, {}, peer).catch((error) => error);
        expect(refused).toMatchObject({ code: 'rate.exceeded' });
        expect(refused.about.retryAfter).toBeGreaterThan(600);
      }
      const earlier = new Date(Date.now() - 16 * 60_000).toISOString();
      await the.store.db.updateTable('attempts').set({ at: earlier }).execute();
      expect(await the.who(await the.signIn(email))).not.toBeNull();
      expect(await the.store.db.selectFrom('attempts').selectAll().execute()).toEqual([]);
    });

    it('keeps nobody out for what others guess: ten from one place close that place, and a known device stays open', async () => {
      await the.store.db.deleteFrom('attempts').execute();
      const device = cookieOf(await the.call('sign-in/email', { email, password: PASSWORD }));
      const guess = (peer: string, headers = {}) =>
        the.call('sign-in/email', { email, password: 'a wrong guess' }, headers, peer).catch((error) => error.code);
      for (let n = 0; n < 10; n++) expect(await guess('203.0.113.1')).toBe('password.rejected');
      expect(await guess('203.0.113.1')).toBe('rate.exceeded');
      // From elsewhere the right password still lets in, and does not open the guesser's place again.
      expect(await the.who(await the.signIn(email))).not.toBeNull();
      expect(await guess('203.0.113.1')).toBe('rate.exceeded');
      // Behind a proxy the person has the guesser's address: the device tells them apart.
      const withDevice = () => the.call('sign-in/email', { email, password: PASSWORD }, { cookie: device }, '203.0.113.1');
      expect((await withDevice()).status).toBe(200);

      // A hundred from everywhere close the account for places that are not known, and not for the device.
      const [row] = await the.store.db.selectFrom('attempts').select('key').execute();
      const key = row?.key.split(':').slice(0, 2).join(':') ?? '';
      const at = new Date().toISOString();
      await the.store.db
        .insertInto('attempts')
        .values(Array.from({ length: 90 }, (_, n) => ({ id: `guess ${n}`, key, at })))
        .execute();
      expect(await the.signIn(email).catch((error) => error.code)).toBe('rate.exceeded');
      expect((await withDevice()).status).toBe(200);
      // The device may not guess for ever, and is nobody else's.
      for (let n = 0; n < 10; n++) expect(await guess('203.0.113.2', { cookie: device })).toBe('password.rejected');
      expect(await guess('203.0.113.2', { cookie: device })).toBe('rate.exceeded');
      expect(await guess('203.0.113.3', { cookie: device.replace(/.{4}$/, 'AAAA') })).toBe('rate.exceeded');
      await the.store.db.deleteFrom('attempts').execute();
    });
  });
});
