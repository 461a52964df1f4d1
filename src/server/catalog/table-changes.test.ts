import { expect, it } from 'vitest';
import type { Column, TableDocument } from '../../contract/catalog.ts';
import { tableChanges } from './table-changes.ts';

const column = (name: string, about: Partial<Column> = {}): Column => ({
  name,
  position: 1,
  type: 'integer',
  nullable: true,
  default: null,
  identity: false,
  generated: false,
  comment: null,
  enumValues: null,
  readable: true,
  ...about,
});
const table = (about: Partial<TableDocument> = {}): TableDocument => ({
  schema: 'public',
  name: 'orders',
  kind: 'table',
  comment: null,
  readable: true,
  partitions: [],
  partitionedBy: null,
  dependsOn: [],
  columns: [],
  keys: [],
  foreignKeys: [],
  indexes: [],
  ...about,
});

it('tells what changed in the columns', () => {
  const before = table({
    columns: [column('id'), column('total', { type: 'numeric(10,2)' }), column('gone'), column('state', { default: "'new'" })],
  });
  const after = table({
    columns: [
      column('id', { nullable: false, comment: 'Number' }),
      column('total', { type: 'numeric(12,2)' }),
      column('state', { enumValues: ['new', 'old'] }),
      column('__proto__'),
    ],
  });
  expect(tableChanges(before, after)).toEqual([
    'column gone dropped',
    'column id: may no longer be null',
    'column id: comment added',
    'column total: type numeric(10,2) → numeric(12,2)',
    'column state: default dropped',
    'column state: values changed',
    'column __proto__ added (integer)',
  ]);
});

it('tells what changed around them', () => {
  const key = { name: 'orders_pkey', kind: 'primary', columns: ['id'] } as const;
  const index = { name: 'orders_total', unique: false, valid: true, definition: 'btree (total)' };
  const to = { name: 'orders_customer', columns: ['customer_id'], schema: 'public', table: 'customer', referencedColumns: ['id'] };
  const foreign = { ...to, onDelete: 'no action', validated: true };
  const before = table({ comment: 'Orders', keys: [{ ...key, columns: ['id'] }], foreignKeys: [foreign], partitions: ['y2024'] });
  const after = table({
    comment: 'All orders',
    readable: false,
    keys: [{ ...key, columns: ['id', 'year'] }],
    foreignKeys: [{ ...foreign, onDelete: 'cascade' }],
    indexes: [index],
    partitions: ['y2024', 'y2025'],
  });
  expect(tableChanges(before, after)).toEqual([
    'comment changed',
    'no longer readable',
    'key orders_pkey changed',
    'foreign key orders_customer changed',
    'index orders_total added',
    'partition y2025 added',
  ]);
});

it('stays short, and always tells something', () => {
  const many = Array.from({ length: 100 }, (_, i) => column(`c${i}`));
  expect(tableChanges(table(), table({ columns: many })).at(-1)).toBe('60 more');
  expect(tableChanges(table(), table())).toEqual(['definition changed']);
});
