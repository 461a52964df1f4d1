import { describe, expect, test } from 'vitest';
import type { Column } from '../../../contract/catalog.ts';
import { quoteName, writeSelect } from './write-select.ts';

const column = (name: string, readable = true): Column => ({
  name,
  position: 1,
  type: 'text',
  nullable: true,
  default: null,
  identity: false,
  generated: false,
  comment: null,
  enumValues: null,
  readable,
});
const lower = { editor: 'StandardSQL', open: '"', close: '"', bare: '^[a-z_][a-z0-9_]*$' };
const brackets = { editor: 'StandardSQL', open: '[', close: ']', bare: '^[A-Za-z_][A-Za-z0-9_]*$' };
const ticks = { ...brackets, open: '`', close: '`' };
const upper = { ...lower, bare: '^[A-Z][A-Z0-9_]*$' };

describe('a first statement', () => {
  test.each([
    ['orders', lower, 'orders'],
    ['Orders', lower, '"Orders"'],
    ['order', lower, '"order"'],
    ['a"b', lower, '"a""b"'],
    ['größe', lower, '"größe"'],
    ['2nd', lower, '"2nd"'],
    ['', lower, '""'],
    ['Orders', brackets, 'Orders'],
    ['Order', brackets, '[Order]'],
    ['a]b[', brackets, '[a]]b[]'],
    ['a b', ticks, '`a b`'],
    ['a`b', ticks, '`a``b`'],
    ['ORDERS', upper, 'ORDERS'],
    ['ORDER', upper, '"ORDER"'],
    ['orders', upper, '"orders"'],
  ])('names %j as %o has it: %s', (name, style, written) => expect(quoteName(name, style)).toBe(written));

  test('reads the columns that can be read, a few to a line', () => {
    const columns = ['id', 'user', ...Array.from({ length: 12 }, (_, at) => `a_longer_name_${at}`)].map((name) => column(name));
    const sql = writeSelect({ schema: 'Web', name: 'visits', columns: [...columns, column('secret', false)] }, lower);
    expect(sql).toMatch(/^SELECT id, "user", a_longer_name_0/);
    expect(sql).toMatch(/\nFROM "Web"\.visits\n$/);
    expect(sql).not.toContain('secret');
    for (const line of sql.split('\n')) expect(line.length).toBeLessThan(110);
  });

  test('reads all of a table without readable columns', () =>
    expect(writeSelect({ schema: 'data', name: 'nothing_yet', columns: [] }, lower)).toBe('SELECT *\nFROM data.nothing_yet\n'));
});
