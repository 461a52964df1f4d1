import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import type { Store } from '../platform/database.ts';
import { createLog } from '../platform/log.ts';
import { authStatements } from '../platform/migrations/0002-auth.ts';
import { Secret } from '../platform/secret.ts';
import { authOptions } from './auth.ts';

const optionsOver = (store: Store) =>
  authOptions({ store, secret: new Secret('x'.repeat(43)), origins: () => [], secureCookies: false, log: createLog('silent') });

describe.each(storeKinds)('the tables of the sign-in library on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    beforeAll(async () => {
      house = await storeHouse(kind);
    });
    afterAll(() => house.close());

    it('are word for word what it lays into an empty store', async () => {
      const { store } = await house.open();
      for (const table of ['auth_session', 'auth_account', 'auth_verification', 'auth_user'])
        await store.db.schema.dropTable(table).execute();
      const plan = await getMigrations(optionsOver(store));
      expect(await plan.compileMigrations()).toBe(`${authStatements(kind).join(';\n\n')};`);
    });

    it('are what the library lays for our options: after our migration nothing is left to do', async () => {
      const { store } = await house.open();
      const plan = await getMigrations(optionsOver(store));
      expect(plan.toBeCreated).toEqual([]);
      expect(plan.toBeAdded).toEqual([]);
      expect(plan.toBeAddedIndexes).toEqual([]);
      expect(plan.schemaProblems).toEqual([]);
      expect(await plan.compileMigrations()).toBe(';');
    });
  });
});
