import { describe, expect, test } from 'vitest';
import { documentOf, type PlainTable } from '../../../tests/support/documents.ts';
import { passageOf } from './passage.ts';
import { presentTables } from './present-tables.ts';
import { rankTables } from './rank-tables.ts';
import { indexWords } from './word-index.ts';

/** Searches databases made of a few tables; answers names of tables, best first, with what is shown of each. */
function search(question: string, databases: readonly (readonly PlainTable[])[], about = { name: 'db', description: '' }) {
  const documents = databases.map((tables) => tables.map(documentOf));
  const indexes = documents.map((list) => indexWords(list.map(passageOf), about));
  const { tables, heard } = rankTables(question, indexes, 10);
  const found = tables.map(({ source, table, score }) => ({
    source,
    document: documents[source]?.[table] ?? documentOf({ name: '?' }),
    score,
  }));
  const shown = presentTables(
    found.filter(({ source }) => source === 0),
    heard.get(0) ?? [],
    about,
  );
  return { names: found.map(({ document }) => document.name), sources: found.map(({ source }) => source), ...shown };
}

const shop: PlainTable[] = [
  { name: 'customer', comment: 'Everyone who ever bought something.', columns: ['id', 'full_name', 'date_of_birth', 'home_city'] },
  {
    name: 'orders',
    columns: ['id', 'customer_id', 'placed_at', 'status'],
    values: new Map([['status', ['open', 'cancelled']]]),
    refersTo: ['customer'],
  },
  { name: 'order_line', columns: ['order_id', 'prod_id', 'qty'], refersTo: ['orders', 'product'] },
  { name: 'product', columns: ['id', 'title', ['lst_prc', 'Price before discounts']] },
  { name: 'warehouse', columns: ['id', 'city'] },
];

describe('rankTables', () => {
  test.each([
    ['Which customers placed orders?', ['customer', 'orders']],
    ['What quantity of each product was ordered?', ['order_line', 'product']],
    ['Who is the oldest customer?', ['customer']],
    ['What is the price of a thing?', ['product']],
    ['Which were cancelled?', ['orders']],
    ['In which town are the WAREHOUSES?', ['warehouse']],
  ])('%s', (question, expected) => {
    expect(search(question, [shop]).names.slice(0, expected.length).toSorted()).toEqual(expected.toSorted());
  });

  test('says why each table came up, the columns that fit and the joins', () => {
    const { tables, joins } = search('Which customers placed cancelled orders?', [shop]);
    const orders = tables.find(({ table }) => table === 'orders');
    expect(orders?.why).toEqual(
      expect.arrayContaining([
        { word: 'orders', where: 'table', text: 'orders' },
        { word: 'placed', where: 'column', text: 'placed_at' },
        { word: 'cancelled', where: 'value', text: 'cancelled' },
      ]),
    );
    expect(orders?.columns.map(({ name }) => name)).toContain('placed_at');
    expect(orders?.summary).toContain('“orders” in its name');
    const customer = tables.find(({ table }) => table === 'customer');
    expect(customer?.why).toContainEqual({ word: 'cancelled', where: 'neighbour', text: 'public.orders' });
    expect(joins).toContainEqual({
      from: { schema: 'public', table: 'orders', columns: ['customer_id'] },
      to: { schema: 'public', table: 'customer', columns: ['id'] },
      name: 'orders_customer_fk',
    });
    expect(tables[0]?.score).toBe(1);
  });

  test('a table between two that fit is found by its foreign keys alone', () => {
    const tables: PlainTable[] = [
      { name: 'film' },
      { name: 'actor' },
      { name: 'xref_17', columns: ['a', 'f'], refersTo: ['film', 'actor'] },
      ...['store', 'rental', 'staff', 'payment'].map((name) => ({ name })),
    ];
    expect(search('Which actor played in which film?', [tables]).names.slice(0, 3).toSorted()).toEqual(['actor', 'film', 'xref_17']);
  });

  test('a connection that has the whole question comes before one that has a word of it', () => {
    const library: PlainTable[] = [{ name: 'customer' }, { name: 'book' }, { name: 'shelf' }];
    const { sources, names } = search('Which customers placed orders?', [shop, library]);
    expect(names.slice(0, 2).toSorted()).toEqual(['customer', 'orders']);
    expect(sources.slice(0, 2)).toEqual([0, 0]);
  });

  test('nothing is found where no word is, and in an empty database', () => {
    expect(search('zebra xylophone', [shop]).names).toEqual([]);
    expect(search('the of and', [shop]).names).toEqual([]);
    expect(search('customers', [[]]).names).toEqual([]);
  });

  test('names that objects have as properties are names like any other', () => {
    const evil: PlainTable[] = [
      { name: '__proto__', schema: 'constructor', columns: ['constructor', 'hasOwnProperty'] },
      { name: 'constructor', schema: 'constructor', columns: ['__proto__', 'toString'], refersTo: ['__proto__'] },
      { name: 'valueOf', schema: '__proto__', columns: ['x'] },
    ];
    const { tables, joins } = search('Which constructor has a __proto__ toString?', [evil]);
    expect(tables[0]).toMatchObject({ schema: 'constructor', table: 'constructor' });
    expect(joins).toHaveLength(1);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test('what the person says of the connection counts for its tables, and is named', () => {
    const about = { name: 'Web shop', description: 'Purchases of our clients in Norway' };
    const { tables } = search('Norway orders', [shop], about);
    expect(tables[0]?.table).toBe('orders');
    expect(tables[0]?.why).toContainEqual({ word: 'Norway', where: 'description', text: about.description });
  });

  test('ten thousand tables are searched in a moment', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({
      name: `area${i % 100}_thing_${i}`,
      columns: ['id', 'name', 'amount', 'created_at', `special_${i % 500}`, 'owner_id', 'status', 'note', 'code', 'kind'],
      refersTo: i === 0 ? [] : [`area${(i - 1) % 100}_thing_${i - 1}`],
    }));
    const index = indexWords(
      many.map((table) => passageOf(documentOf(table))),
      { name: '', description: '' },
    );
    const began = performance.now();
    for (let i = 0; i < 10; i++)
      rankTables('What is the name, amount and status of each thing with a special code and its owner?', [index], 10);
    expect((performance.now() - began) / 10).toBeLessThan(1000);
  });
});
