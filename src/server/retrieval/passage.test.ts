import { expect, test } from 'vitest';
import { documentOf } from '../../../tests/support/documents.ts';
import { passageOf, passageVersion } from './passage.ts';

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
