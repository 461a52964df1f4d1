import { describe, expect, test } from 'vitest';
import type { Column } from '../src/contract/catalog.ts';
import { loadGuard } from '../src/server/engines/guards.ts';
import { reserved as family } from '../src/server/engines/mysql/guard-reserved.ts';
import { reserved as ofOracle } from '../src/server/engines/oracle/guard-reserved.ts';
import { engines } from '../src/server/engines/registry.ts';
import { reserved as ofSqlServer } from '../src/server/engines/sqlserver/guard-reserved.ts';
import { reservedWords } from '../src/web/features/query/reserved-words.ts';
import { quoteName, writeSelect } from '../src/web/features/query/write-select.ts';

const about = {
  position: 1,
  type: 'text',
  nullable: true,
  default: null,
  identity: false,
  generated: false,
  comment: null,
  enumValues: null,
};
const column = (name: string): Column => ({ ...about, name, readable: true });
const odd = ['id', 'Total', 'TOTAL_2', 'a b', 'größe', '2nd', 'a`b', 'a]b', "it's", 'a-b', 'semi;colon', 'a--b', 'a/*b'];

describe('the statement that the web writes for a table', () => {
  test.each(engines.map((engine) => [engine.id, engine] as const))(
    'is what the guard of %s lets through, for every name',
    async (id, engine) => {
      const { sql: style } = engine.description;
      expect(engine.grammar.quote('x y')).toBe(quoteName('x y', style));
      const guard = await loadGuard(id);
      const schema = engine.grammar.searchPath[0] ?? 'shop';
      const names = new Set([...odd, ...reservedWords, ...[...reservedWords].map((word) => word.toUpperCase())]);
      for (const name of ['orders', 'Order', 'ORDER_LINES', 'two words']) {
        const distinct = [...new Map([...names].map((one) => [one.toLowerCase(), one])).values()];
        for (const words of [distinct, distinct.map((one) => one.toLowerCase())]) {
          const sql = writeSelect({ schema, name, columns: words.map(column) }, style);
          const published = { tables: [{ schema, name, kind: 'table' as const, columns: words }] };
          const verdict = guard.classify({ sql, published, searchPath: engine.grammar.searchPath });
          expect(verdict.ok ? verdict.tables : verdict.refusal).toEqual([{ schema, table: name }]);
          expect(verdict.ok && verdict.columns.map((read) => read.column).sort()).toEqual([...words].sort());
        }
      }
    },
  );

  test('quotes every word that some dialect keeps for itself', () => {
    const missing = [...family, ...ofOracle, ...ofSqlServer].filter((word) => !reservedWords.has(word));
    expect(missing).toEqual([]);
  });
});
