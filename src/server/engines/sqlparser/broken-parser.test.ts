import { expect, test } from 'vitest';
import { loadGuard } from '../guards.ts';

// In a file of its own: once the parser is broken, it stays so in this process.
test('a parser that broke gives no verdict, on this statement or on the next', async () => {
  const guard = await loadGuard('mysql');
  const judge = (sql: string) => guard.classify({ sql, published: { tables: [] }, searchPath: [] });
  expect(judge('SELECT 1')).toMatchObject({ ok: true });
  // The pool takes an error of this kind for a worker that is not to be trusted any more.
  expect(() => judge(`SELECT 1${' + 1'.repeat(9_900)}`)).toThrow(RangeError);
  expect(() => judge('SELECT 1')).toThrow(RangeError);
});
