import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertConnection } from '../../../tests/support/catalog.ts';
import type { PlainTable } from '../../../tests/support/documents.ts';
import { type PaperEmbedder, paperEmbedder } from '../../../tests/support/paper-embedder.ts';
import { publish } from '../../../tests/support/published.ts';
import { type StoreHouse, storeHouse, storeKinds, type TestStore } from '../../../tests/support/stores.ts';
import { newId } from '../platform/clock.ts';
import { createRetrieval } from './retrieval.ts';

const never = new AbortController().signal;
const tables: PlainTable[] = [
  { name: 'invoice', columns: ['id', 'amount'], comment: 'What a customer owes' },
  { name: 'customer', columns: ['id', 'name'] },
  { name: 'kkkk', columns: ['k'] },
];

describe.each(storeKinds)('vectors on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let on: TestStore;
    beforeAll(async () => {
      house = await storeHouse(kind);
      on = await house.open();
    });
    afterAll(() => house?.close());

    async function start(published: readonly PlainTable[] = tables, embedder = paperEmbedder({ id: newId() })) {
      const { id, actor } = await insertConnection(on.store);
      await publish(on.store, id, published);
      const retrieval = createRetrieval({ store: on.store, embedder });
      const ask = async (question: string, by = retrieval) => (await by.search(actor, { id, question, limit: 10 })).tables;
      return { id, embedder, retrieval, ask, prepare: (by: PaperEmbedder = embedder, signal = never) => prepare(id, by, signal) };
    }
    /** Prepares the search as the ingestion does; answers what the run's log says. */
    async function prepare(id: string, embedder: PaperEmbedder, signal = never) {
      const notes: string[] = [];
      const told: [number, number][] = [];
      const note = async (message: string) => {
        notes.push(message);
      };
      const progress = (done: number, total: number) => told.push([done, total]);
      await createRetrieval({ store: on.store, embedder }).buildPassages(id, { signal, progress, note });
      return { notes: notes.join('\n'), told };
    }
    const rows = (id: string) =>
      on.store.db
        .selectFrom('passages')
        .select(['table_id', 'vector', 'embedder', 'dimensions', 'text_hash'])
        .where('connection_id', '=', id)
        .execute();

    test('words answer at first, and words and meaning once there are vectors', async () => {
      const { ask, prepare, embedder } = await start();
      expect(await ask('kk kk')).toEqual([]);
      const { notes, told } = await prepare();
      expect(notes).toBe('Can be searched by words\nEmbedded 4 texts of new or changed tables');
      expect(told.at(-1)).toEqual([3, 3]);
      expect(embedder.given.slice(0, 4).toSorted()).toEqual([
        'customer: id, name',
        'invoice: What a customer owes',
        'invoice: id, amount',
        'kkkk: k',
      ]);
      const [found] = await ask('kk kk');
      expect(found).toMatchObject({ table: 'kkkk', why: [{ word: 'kk', where: 'meaning', text: 'kkkk: k' }] });
      expect(found?.summary).toBe('“kk” near to what it holds (kkkk: k).');
      expect((await ask('customers'))[0]).toMatchObject({ table: 'customer', why: [{ where: 'table' }] });
    });

    test('vectors of another length than was said are not kept', async () => {
      const { id, prepare } = await start();
      const shifting = { ...paperEmbedder({ id: newId(), dimensions: 7 }), dimensions: 26 };
      expect((await prepare(shifting)).notes).toContain('of another length than before');
      expect((await rows(id)).filter(({ vector }) => vector !== null)).toEqual([]);
    });

    test('only what changed is embedded again', async () => {
      const { id, prepare, embedder, ask } = await start();
      await prepare();
      embedder.given.length = 0;
      expect((await prepare()).notes).toContain('Embedded 0 texts');
      // A comment of a column makes another version of the table, but no other text of it.
      await publish(on.store, id, [
        { name: 'invoice', columns: ['id', ['amount', 'In cents']], comment: 'What a customer owes' },
        ...tables.slice(1),
      ]);
      expect((await prepare()).notes).toContain('Embedded 0 texts');
      await publish(on.store, id, [...tables, { name: 'zzzz' }]);
      await prepare();
      expect(embedder.given).toEqual(['zzzz: id']);
      expect((await ask('zz zz'))[0]).toMatchObject({ table: 'zzzz', why: [{ where: 'meaning' }] });
      expect(await rows(id)).toHaveLength(4);
    });

    test('the same schema elsewhere takes the vectors over', async () => {
      const { prepare, embedder } = await start();
      await prepare();
      const copy = await start(tables, embedder);
      expect((await copy.prepare()).notes).toContain('Embedded 0 texts');
      expect((await copy.ask('kk kk'))[0]?.table).toBe('kkkk');
    });

    test('goes on where it was cut short', async () => {
      const many = Array.from({ length: 100 }, (_, i) => ({ name: `thing_${i}` }));
      const { id, embedder, prepare } = await start(many);
      const cut = new AbortController();
      embedder.pace = new Promise((resolve) => setTimeout(resolve, 50));
      const stopped = createRetrieval({ store: on.store, embedder }).buildPassages(id, {
        signal: cut.signal,
        progress: (done) => done >= 64 && cut.abort(new Error('stopping')),
      });
      await expect(stopped).rejects.toThrow('stopping');
      expect((await rows(id)).filter(({ vector }) => vector !== null)).toHaveLength(64);
      await prepare();
      expect(embedder.given.toSorted()).toEqual(many.map(({ name }) => `${name.replace('_', ' ')}: id`).toSorted());
    });

    test('an embedder that fails costs the vectors alone, and the next reading tries again', async () => {
      const many = Array.from({ length: 70 }, (_, i) => ({ name: `thing_${i}` }));
      const { id, embedder, prepare, ask } = await start([...many, ...tables]);
      embedder.callsLeft = 1;
      expect((await prepare()).notes).toContain('No vectors: the paper is torn. Search goes by words');
      expect(await ask('kk kk')).toEqual([]);
      expect((await ask('customer'))[0]?.table).toBe('customer');
      embedder.callsLeft = Number.POSITIVE_INFINITY;
      await prepare();
      expect(embedder.given.filter((text) => text.startsWith('thing')).length).toBe(70);
      expect((await rows(id)).every(({ vector }) => vector !== null)).toBe(true);
      expect((await ask('kk kk'))[0]?.table).toBe('kkkk');
      // A few tables without vectors do not cost the others theirs.
      await publish(on.store, id, [...many, ...tables, { name: 'new_one' }]);
      embedder.callsLeft = 0;
      expect((await prepare()).notes).toContain('No vectors');
      expect((await ask('kk kk'))[0]?.table).toBe('kkkk');
      expect((await ask('new one'))[0]?.table).toBe('new_one');
    });

    test.each([
      ['another model', { id: 'other' }],
      ['other dimensions', { dimensions: 20 }],
    ])('%s has all vectors made anew, and until then words answer', async (_, about) => {
      const { id, embedder, prepare } = await start();
      await prepare();
      const other = paperEmbedder({ id: embedder.id, ...about });
      const { actor } = await insertConnection(on.store);
      const { organization_id } = await on.store.db
        .selectFrom('db_connections')
        .select('organization_id')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const ask = () =>
        createRetrieval({ store: on.store, embedder: other }).search(
          { ...actor, organizationId: organization_id },
          { id, question: 'kk kk', limit: 5 },
        );
      expect((await ask()).tables).toEqual([]);
      await prepare(other);
      const made = await rows(id);
      expect(made.every(({ dimensions }) => dimensions === other.dimensions)).toBe(true);
      expect(new Set(made.map(({ embedder }) => embedder)).size).toBe(1);
      expect((await ask()).tables[0]?.table).toBe('kkkk');
    });

    test('a question whose vector does not come in time is answered by words, and the vector is there the next time', async () => {
      const { embedder, prepare, ask } = await start();
      await prepare();
      let answer = (): void => {};
      embedder.pace = new Promise((resolve) => {
        answer = () => resolve(null);
      });
      expect(await ask('kkk kkk')).toEqual([]);
      expect((await ask('customer kkk'))[0]?.table).toBe('customer');
      answer();
      await embedder.pace;
      expect((await ask('kkk kkk'))[0]?.table).toBe('kkkk');
      embedder.failing = true;
      expect((await ask('kkk kkk'))[0]?.table).toBe('kkkk');
      expect(await ask('kkk kkk kkk')).toEqual([]);
    });
  });
});
