import { expect, test } from 'vitest';
import { documentOf } from '../../../tests/support/documents.ts';
import { explainTable } from './explain-table.ts';
import { hear } from './hearing.ts';
import { passageOf, passageVersion } from './passage.ts';
import { readQuestion } from './question.ts';
import { indexWords } from './word-index.ts';

test('a passage holds the words of a table by field and goes through JSON unchanged', () => {
  const passage = passageOf(
    documentOf({
      schema: 'hr',
      name: 'EmpAbsence',
      comment: 'Time away. Time off.',
      columns: ['emp_id', ['kind', 'Why away']],
      values: new Map([['kind', ['jury duty', 'sick']]]),
      refersTo: ['employee'],
    }),
  );
  expect(JSON.parse(JSON.stringify(passage))).toEqual(passage);
  expect(passage).toEqual({
    v: passageVersion,
    ...{ schema: 'hr', table: 'EmpAbsence' },
    words: { schema: ['hr'], table: ['emp', 'absence'], comment: ['time', 'away', 'off'] },
    columns: [
      { name: ['emp', 'id'], comment: [], values: [] },
      { name: ['kind'], comment: ['why', 'away'], values: ['jury', 'duty', 'sick'] },
    ],
    refersTo: [{ schema: 'hr', table: 'employee' }],
  });
  // Stored passages are told apart by how they begin.
  expect(JSON.stringify(passage).startsWith(`{"v":${passageVersion},`)).toBe(true);
});

test('a long comment counts with its first words only', () => {
  const comment = Array.from({ length: 5000 }, (_, i) => `word${i}x`).join(' ');
  expect(passageOf(documentOf({ name: 'a', comment })).words.comment.length).toBeLessThan(100);
});

test.each([
  ['capitals', 'A'.repeat(2000)],
  ['accents in no order', `a${'\u0345'.repeat(1000)}${'\u0334'.repeat(999)}`],
  ['letters that are many', '\ufdfa'.repeat(2000)],
  ['words of one letter', 'aA'.repeat(1000)],
])('a table full of %s is read in time, for search and for its reasons', (_, text) => {
  const columns = Array.from({ length: 1600 }, (_, i): [string, string] => [`c${i}`, text]);
  const hostile = documentOf({
    name: 'orders',
    comment: text,
    columns,
    values: new Map(columns.map(([name]) => [name, Array(60).fill(text)])),
  });
  const before = process.cpuUsage();
  const passage = passageOf(hostile);
  const heard = hear(readQuestion('orders with c1'), [indexWords([passage], { name: '', description: '' })]);
  const { why } = explainTable(hostile, heard[0] ?? [], { name: 'db', description: text });
  const { user, system } = process.cpuUsage(before);
  expect(why).toContainEqual({ word: 'orders', where: 'table', text: 'orders' });
  expect((user + system) / 1000).toBeLessThan(900);
  expect(JSON.stringify(passage).length).toBeLessThan(2_000_000);
});
