import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actorOf, insertConnection } from '../../../tests/support/catalog.ts';
import { documentOf, type PlainTable } from '../../../tests/support/documents.ts';
import { type StoreHouse, storeHouse, storeKinds, type TestStore } from '../../../tests/support/stores.ts';
import { newId } from '../platform/clock.ts';
import { findTables } from './find-tables.ts';
import { IndexCache } from './index-cache.ts';
import { findConnection } from './passage-store.ts';
import { createRetrieval } from './retrieval.ts';

const shop: PlainTable[] = [
  { name: 'customer', comment: 'Whoever buys from us' },
  { name: 'orders', columns: ['id', 'customer_id', 'placed_at'], refersTo: ['customer'] },
  { name: 'salary_secret', comment: 'What customer advisers earn', readable: false },
];
const never = new AbortController().signal;

describe.each(storeKinds)('search on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let on: TestStore;
    let retrieval: ReturnType<typeof createRetrieval>;
    beforeAll(async () => {
      house = await storeHouse(kind);
      on = await house.open();
    });
    beforeEach(() => {
      retrieval = createRetrieval({ store: on.store });
    });
    afterAll(() => house?.close());

    /** Publishes tables as one more snapshot of the connection: those named before and missing now vanish. */
    async function publish(id: string, tables: readonly PlainTable[]): Promise<void> {
      const { db } = on.store;
      const { snapshot } = await db.selectFrom('db_connections').select('snapshot').where('id', '=', id).executeTakeFirstOrThrow();
      const number = (snapshot ?? 0) + 1;
      await db
        .updateTable('catalog_tables')
        .set({ removed_in: number })
        .where('connection_id', '=', id)
        .where('removed_in', 'is', null)
        .execute();
      const rows = tables.map(documentOf).map((document) => ({
        ...{ id: newId(), connection_id: id, schema_name: document.schema, table_name: document.name, kind: document.kind },
        ...{ comment: document.comment, columns: document.columns.length, readable: document.readable ? 1 : 0, estimated_rows: null },
        ...{ document: JSON.stringify(document), hash: '', added_in: number, removed_in: null },
      }));
      for (let i = 0; i < rows.length; i += 500)
        await db
          .insertInto('catalog_tables')
          .values(rows.slice(i, i + 500))
          .execute();
      await db.updateTable('db_connections').set({ snapshot: number }).where('id', '=', id).execute();
    }
    async function read(tables: readonly PlainTable[]) {
      const connection = await insertConnection(on.store);
      await publish(connection.id, tables);
      return connection;
    }
    const passages = (id: string) =>
      on.store.db.selectFrom('passages').select(['table_id', 'document']).where('connection_id', '=', id).orderBy('table_id').execute();
    const change = (id: string, to: object) => on.store.db.updateTable('db_connections').set(to).where('id', '=', id).execute();
    const names = ({ tables }: { tables: readonly { table: string }[] }) => tables.map(({ table }) => table);

    test('finds tables with columns, reasons and joins, before and after passages are built', async () => {
      const { id, actor } = await read(shop);
      const input = { id, question: 'Which customers placed orders?', limit: 10 };
      const before = await retrieval.search(actor, input);
      const told: [number, number][] = [];
      await retrieval.buildPassages(id, { signal: never, progress: (done, total) => told.push([done, total]) });
      expect(told.at(-1)).toEqual([3, 3]);
      expect(await passages(id)).toHaveLength(3);
      const after = await createRetrieval({ store: on.store }).search(actor, input);
      expect(after).toEqual(before);
      expect(names(after).slice(0, 2).toSorted()).toEqual(['customer', 'orders']);
      expect(after.joins).toHaveLength(1);
      expect(after.tables[0]).not.toHaveProperty('connectionId');
    });

    test('holds one index at a time, and finds the same however little the cache may keep', async () => {
      const ids: string[] = [];
      for (const name of ['customer', 'orders', 'customer_orders', 'zebra']) ids.push((await read([{ name }, { name: 'other' }])).id);
      const rows = await on.store.db.selectFrom('db_connections').selectAll().where('id', 'in', ids).orderBy('id').execute();
      let [now, most] = [0, 0];
      class Watched extends IndexCache {
        override get(connection: Parameters<IndexCache['get']>[0]) {
          most = Math.max(most, ++now);
          return super.get(connection).finally(() => now--);
        }
      }
      const ask = (indexes: IndexCache) =>
        findTables({ store: on.store, indexes }, rows, { question: 'Which customers placed orders?', limit: 3 });
      const found = await ask(new Watched(on.store, 1));
      expect(most).toBe(1);
      expect(names(found).toSorted()).toEqual(['customer', 'customer_orders', 'orders']);
      expect(await ask(new IndexCache(on.store))).toEqual(found);
    });

    test('a table that may not be read comes last and says so', async () => {
      const { id, actor } = await read(shop);
      const { tables } = await retrieval.search(actor, { id, question: 'What do customer advisers earn? salary secret', limit: 10 });
      expect(tables.at(-1)).toMatchObject({ table: 'salary_secret', score: 1 });
      expect(tables.at(-1)?.summary).toContain('may not read it');
    });

    test('building goes on where it was cut short, and follows changes', async () => {
      const many = Array.from({ length: 350 }, (_, i) => ({ name: `thing_${i}` }));
      const { id } = await read(many);
      const cut = new AbortController();
      const cutShort = retrieval.buildPassages(id, { signal: cut.signal, progress: (done) => done >= 200 && cut.abort() });
      await expect(cutShort).rejects.toThrow();
      const half = await passages(id);
      expect(half).toHaveLength(200);
      await retrieval.buildPassages(id, { signal: never, progress: () => {} });
      const whole = await passages(id);
      expect(whole).toHaveLength(350);
      await retrieval.buildPassages(id, { signal: never, progress: () => {} });
      expect(await passages(id)).toEqual(whole);
      // Passages of an older form are built again; those of tables that are no more vanish.
      await on.store.db
        .updateTable('passages')
        .set({ document: '{"v":0,"words":[]}' })
        .where('table_id', '=', whole[0]?.table_id ?? '')
        .execute();
      await retrieval.buildPassages(id, { signal: never, progress: () => {} });
      expect(await passages(id)).toEqual(whole);
      await publish(id, [{ name: 'other' }]);
      await retrieval.buildPassages(id, { signal: never, progress: () => {} });
      expect((await passages(id)).map(({ document }) => JSON.parse(document).table)).toEqual(['other']);
    });

    test('sees a new snapshot and a new description at once', async () => {
      const { id, actor } = await read(shop);
      const ask = async (question: string) => names(await retrieval.search(actor, { id, question, limit: 5 }));
      expect(await ask('orders')).toContain('orders');
      await publish(id, [{ name: 'shipment' }]);
      expect(await ask('orders')).toEqual([]);
      expect(await ask('shipment')).toEqual(['shipment']);
      await change(id, { description: 'Parcels of the northern depot' });
      const { tables } = await retrieval.search(actor, { id, question: 'shipment of parcels', limit: 5 });
      expect(tables[0]?.why).toContainEqual({ word: 'parcels', where: 'description', text: 'Parcels of the northern depot' });
    });

    test('only who may see a connection may search it', async () => {
      const { id, organizationId, actor } = await read(shop);
      const question = { question: 'orders', limit: 5 };
      await expect(retrieval.search(actorOf(newId()), { id, ...question })).rejects.toMatchObject({ code: 'connection.unknown' });
      const user = actorOf(organizationId, { role: 'user' });
      expect(names(await retrieval.search(user, { id, ...question }))).toContain('orders');
      const narrow = actorOf(organizationId, { role: 'user', scopes: ['audit:read'] });
      await expect(retrieval.search(narrow, { id, ...question })).rejects.toMatchObject({ code: 'caller.forbidden' });
      expect(names(await retrieval.searchEverywhere(narrow, question))).toEqual([]);
      await change(id, { visibility: 'private' });
      await expect(retrieval.search(user, { id, ...question })).rejects.toMatchObject({ code: 'connection.unknown' });
      expect(names(await retrieval.searchEverywhere(user, question))).toEqual([]);
      await change(id, { is_active: 0 });
      await expect(retrieval.search(actor, { id, ...question })).rejects.toMatchObject({ code: 'connection.disabled' });
      expect(names(await retrieval.searchEverywhere(actor, question))).toEqual([]);
    });

    test('a connection that was not read yet has no tables', async () => {
      const { id, actor } = await insertConnection(on.store);
      expect(await retrieval.search(actor, { id, question: 'orders', limit: 5 })).toEqual({ tables: [], joins: [] });
      expect(await retrieval.searchEverywhere(actor, { question: 'orders', limit: 5 })).toEqual({ tables: [], joins: [] });
    });

    test('searches every connection of the organisation, and says which one a table is of', async () => {
      const first = await read(shop);
      const second = await read([{ name: 'film' }, { name: 'actor' }]);
      await change(second.id, { organization_id: first.organizationId, name: 'Films', name_key: 'films' });
      const { tables, joins } = await retrieval.searchEverywhere(first.actor, { question: 'customers with orders, and a film', limit: 10 });
      expect(tables).toContainEqual(expect.objectContaining({ table: 'film', connectionId: second.id, connectionName: 'Films' }));
      expect(tables).toContainEqual(expect.objectContaining({ table: 'orders', connectionId: first.id }));
      expect(joins).toEqual([expect.objectContaining({ name: 'orders_customer_fk', connectionId: first.id })]);
    });

    test('keeps the indexes asked last, up to its measure', async () => {
      const cache = new IndexCache(on.store, 5);
      const get = async ({ id, organizationId }: { id: string; organizationId: string }) => {
        const row = await findConnection(on.store.db, organizationId, id);
        return row && cache.get(row);
      };
      const [a, b, large] = [
        await read(shop),
        await read([{ name: 'one' }, { name: 'two' }]),
        await read([...shop, ...shop.map((t) => ({ ...t, name: `${t.name}_2` }))]),
      ];
      const first = await get(a);
      expect(await get(a)).toBe(first);
      await get(b);
      expect(await get(a)).toBe(first);
      expect((await get(large))?.tableIds).toHaveLength(6);
      expect(await get(a)).not.toBe(first);
    });
  });
});
