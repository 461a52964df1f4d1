import { type Dialect, setOf } from '../sqlparser/dialect.ts';
import { bare, before, functions, tableFunctions, types, unitFunctions, units, words } from './guard-names.ts';
import { reserved } from './guard-reserved.ts';
import { diagnoses, rewrites } from './guard-rewrites.ts';

/** How SQL Server reads SQL. The session pins the modes that this relies on. */
export const sqlserverDialect: Dialect = {
  label: 'Transact-SQL',
  parser: 'mssql',
  lexis: {
    identifierQuotes: { '"': '"', '[': ']' },
    doubledBrackets: true,
    stringPrefixes: 'nN',
    escapes: false,
    parameter: /\?|@[pP]\d{1,4}(?![\w@#$])/y,
    word: /[A-Za-z_\u0080-\u{10ffff}][\w$#@\u0080-\u{10ffff}]*/uy,
  },
  quote: (identifier) => `[${identifier.replaceAll(']', ']]')}]`,
  fold: (word) => word,
  ignoresCase: true,
  columnsIgnoreCase: false,
  as: ' AS ',
  words: new Set([...words, ...units]),
  before,
  types,
  marks: '(),.*+-/%=<>!|&^~:',
  functions,
  bare,
  hidden: new Set(),
  tableFunctions,
  unitFunctions,
  units,
  joins: setOf('Join Inner Left LeftOuter Right RightOuter FullOuter CrossJoin CrossApply OuterApply'),
  operators: setOf('Plus Minus Multiply Divide Modulo StringConcat Gt Lt GtEq LtEq Eq NotEq And Or BitwiseOr BitwiseAnd BitwiseXor'),
  hints: {
    allowed: setOf('nolock readuncommitted readcommitted readpast noexpand forceseek forcescan nowait snapshot'),
    locks: setOf('updlock xlock tablock tablockx holdlock serializable paglock rowlock repeatableread readcommittedlock'),
  },
  reserved,
  reservedEverywhere: true,
  aliases: new Set(['order']),
  selfVisible: 'always',
  innerWithSees: true,
  typedTexts: new Set(),
  partitions: false,
  dual: null,
  spaceChangesCalls: false,
  titled: false,
  namedPivots: true,
  placeholders: 'numbered',
  system: (schema, name) =>
    schema === null ? /^(sys[a-z]+|spt_\w+)$/i.test(name) : /^(sys|information_schema|db_\w+|guest)$/i.test(schema),
  rewrites,
  diagnoses,
  comment: () => null,
};
