import type { Cell } from '../engine.ts';
import type { Question } from './session.ts';

/** The type that a value is bound as; what null is cannot be known, and text becomes nearly everything. */
function typeOf(value: Cell): string {
  if (typeof value === 'boolean') return 'bit';
  if (typeof value === 'string') return value.length > 4000 ? 'nvarchar(max)' : 'nvarchar(4000)';
  if (value === null) return 'nvarchar(4000)';
  if (!Number.isSafeInteger(value)) return 'float';
  return Math.abs(value) < 2 ** 31 ? 'int' : 'bigint';
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly Cell[];
}

const valuesOf = ({ sql, parameters }: Statement): Record<string, Cell> => ({
  statement: sql,
  declared: parameters.length === 0 ? null : parameters.map((value, at) => `@p${at + 1} ${typeOf(value)}`).join(', '),
  ...Object.fromEntries(parameters.map((value, at) => [`p${at + 1}`, value])),
});

/**
 * A statement of others in a transaction that is rolled back behind it. The statement is itself a value: it is never spliced into a text
 * of ours, and what it sets holds in its own call alone.
 */
export function runIn(statement: Statement): Question {
  const names = statement.parameters.map((_, at) => `, @p${at + 1}`).join('');
  const declared = names === '' ? '' : `, @declared${names}`;
  return {
    text: `SET NOCOUNT ON; BEGIN TRANSACTION; EXEC sys.sp_executesql @statement${declared}; IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;`,
    values: valuesOf(statement),
  };
}

/** What the server itself takes a statement for: the columns that its first answer would have. Nothing is run for it. */
export function describe(statement: Statement): Question {
  const { statement: text, declared } = valuesOf(statement);
  return {
    text: 'EXEC sys.sp_describe_first_result_set @statement, @declared, 0;',
    values: { statement: text ?? null, declared: declared ?? null },
  };
}
