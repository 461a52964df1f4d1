import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import { createLog } from '../platform/log.ts';
import { Secret } from '../platform/secret.ts';
import { authOptions } from './auth.ts';

describe.each(storeKinds)('the tables of the sign-in library on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    beforeAll(async () => {
      house = await storeHouse(kind);
    });
    afterAll(() => house.close());

    it('are what the library lays for our options: compiled again, nothing would change', async () => {
      const { store } = await house.open();
      const secret = new Secret('x'.repeat(43));
      const options = authOptions({ store, secret, origins: () => [], secureCookies: false, log: createLog('silent') });
      const plan = await getMigrations(options);
      expect(plan.toBeCreated).toEqual([]);
      expect(plan.toBeAdded).toEqual([]);
      expect(plan.toBeAddedIndexes).toEqual([]);
      expect(plan.schemaProblems).toEqual([]);
      expect(await plan.compileMigrations()).toBe(';');
    });
  });
});
