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

describe('a first statement', () => {
  test.each([
    ['orders', 'orders'],
    ['Orders', '"Orders"'],
    ['order', '"order"'],
    ['a"b', '"a""b"'],
    ['größe', '"größe"'],
    ['2nd', '"2nd"'],
    ['', '""'],
  ])('names %j as %s', (name, written) => expect(quoteName(name)).toBe(written));

  test('reads the columns that can be read, a few to a line', () => {
    const columns = ['id', 'user', ...Array.from({ length: 12 }, (_, at) => `a_longer_name_${at}`)].map((name) => column(name));
    const sql = writeSelect({ schema: 'Web', name: 'visits', columns: [...columns, column('secret', false)] });
    expect(sql).toMatch(/^SELECT id, "user", a_longer_name_0/);
    expect(sql).toMatch(/\nFROM "Web"\.visits\n$/);
    expect(sql).not.toContain('secret');
    for (const line of sql.split('\n')) expect(line.length).toBeLessThan(110);
  });

  test('reads all of a table without readable columns', () =>
    expect(writeSelect({ schema: 'public', name: 'empty', columns: [] })).toBe('SELECT *\nFROM public.empty\n'));
});
