import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { describe, expect, test } from 'vitest';
import type { SqlStyle } from '../../../contract/engines.ts';
import { dialectOf } from './editor-dialect.ts';
import { optionsAt } from './options-at.ts';

const styles: Readonly<Record<string, SqlStyle>> = {
  lower: { editor: 'PostgreSQL', open: '"', close: '"', bare: '^[a-z_][a-z0-9_]*$' },
  ticks: { editor: 'MySQL', open: '`', close: '`', bare: '^[A-Za-z_]\\w*$' },
  brackets: { editor: 'MSSQL', open: '[', close: ']', bare: '^[A-Za-z_]\\w*$' },
  upper: { editor: 'PLSQL', open: '"', close: '"', bare: '^[A-Z][A-Z0-9_]*$' },
  unknown: { editor: 'no such', open: '"', close: '"', bare: '^[a-z_]\\w*$' },
};
const about = { position: 1, nullable: true, default: null, identity: false, generated: false, comment: null, enumValues: null };
const column = (name: string, readable = true) => ({ ...about, name, type: 'text', readable });

/** What is offered where the bar stands, as it would be written. */
function offered(text: string, style: SqlStyle, schema = 'Shop', name = 'Orders'): string[] | undefined {
  const doc = text.replace('|', '');
  const pos = text.indexOf('|');
  const dialect = dialectOf(style);
  const context = new CompletionContext(EditorState.create({ doc, extensions: [dialect.extension] }), pos, true);
  const from = context.matchBefore(/\w*/)?.from ?? pos;
  const details = [{ schema, name, columns: [column('ID'), column('order'), column('secret', false)] }];
  const tables = [
    { schema, name },
    { schema, name: 'two words' },
  ];
  const found = optionsAt(context, from, { dialect, style, tables, details, words: { from, options: [] } });
  return found?.options.map(({ label, apply }) => (typeof apply === 'string' ? apply : label));
}

describe('what is offered', () => {
  test.each([
    ['lower', '"Shop"."Orders"', '"Shop"."two words"', '"ID"', '"order"'],
    ['ticks', 'Shop.Orders', 'Shop.`two words`', 'ID', '`order`'],
    ['brackets', 'Shop.Orders', 'Shop.[two words]', 'ID', '[order]'],
    ['upper', '"Shop"."Orders"', '"Shop"."two words"', 'ID', '"order"'],
    ['unknown', '"Shop"."Orders"', '"Shop"."two words"', '"ID"', '"order"'],
  ])('stands in the quotes of the style %s', (name, table, two, id, order) => {
    const style = styles[name] as SqlStyle;
    expect(offered('select |', style)).toEqual([id, order, table, two]);
  });

  test.each([
    ['lower', 'select o.| from "Shop"."Orders" o'],
    ['ticks', 'select o.| from `Shop`.`Orders` o'],
    ['brackets', 'select o.| from [Shop].[Orders] o'],
    ['brackets', 'select [Orders].| from [Shop].[Orders]'],
    ['upper', 'select o.| from "Shop"."Orders" o'],
    ['ticks', 'select o.| from shop.ORDERS as o'],
    ['upper', 'select orders.| from shop.orders'],
  ])('after a dot is what belongs before it, whatever letter case and quotes it is written in: %s %s', (name, text) => {
    const style = styles[name] as SqlStyle;
    expect(offered(text, style)).toHaveLength(2);
    expect(offered(text, style)?.join()).toMatch(/ID.*order/);
  });

  test('after a schema are its tables, each once', () => {
    expect(offered('select * from shop.| where ORDERS', styles.brackets as SqlStyle)).toEqual(['Orders', '[two words]']);
  });

  test('within quotes that are open is quoted', () => {
    expect(offered('select o.[|] from [Shop].[Orders] o', styles.brackets as SqlStyle)).toEqual(['[ID]', '[order]']);
    expect(offered('select o."o|" from "Shop"."Orders" o', styles.lower as SqlStyle)).toEqual(['"ID"', '"order"']);
  });
});
