import { type Dialect, setOf } from '../sqlparser/dialect.ts';
import { bare, before, charsets, functions, types, units, words } from './guard-names.ts';
import { reserved } from './guard-reserved.ts';
import { diagnoses, rewrites } from './guard-rewrites.ts';

const introducers = [...charsets].map((name) => `_${name}`);

/** How MySQL and MariaDB read SQL, with what both of them have. The session pins the modes that this relies on. */
export const mysqlDialect: Dialect = {
  label: 'MySQL',
  parser: 'mysql',
  lexis: {
    identifierQuotes: { '`': '`' },
    stringQuotes: '\'"',
    stringPrefixes: 'xXbBnN',
    backslashes: true,
    hashComments: true,
    escapes: false,
    parameter: /\?/y,
    word: /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y,
  },
  quote: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
  fold: (word) => word,
  ignoresCase: true,
  columnsIgnoreCase: true,
  as: ' AS ',
  words: new Set([...words, ...units, ...introducers]),
  before,
  types: new Set([...types, ...charsets]),
  marks: '(),.*+-/%=<>!|&^~',
  functions,
  bare,
  hidden: new Set(),
  tableFunctions: {},
  unitFunctions: setOf('timestampdiff timestampadd get_format'),
  units,
  joins: setOf('Join Inner Left LeftOuter Right RightOuter CrossJoin StraightJoin Natural'),
  operators: setOf(
    'Plus Minus Multiply Divide Modulo StringConcat Gt Lt GtEq LtEq Spaceship Eq NotEq And Or Xor BitwiseOr BitwiseAnd BitwiseXor PGBitwiseShiftLeft PGBitwiseShiftRight MyIntegerDivide Regexp Arrow LongArrow',
  ),
  hints: { allowed: new Set(), locks: new Set() },
  reserved,
  reservedEverywhere: false,
  aliases: new Set(['group', 'having', 'order']),
  selfVisible: 'recursive',
  innerWithSees: true,
  typedTexts: setOf('Date Time Timestamp'),
  partitions: true,
  dual: { sent: null, columns: [] },
  spaceChangesCalls: true,
  titled: true,
  namedPivots: true,
  placeholders: 'question',
  system: (schema) => schema !== null && /^(mysql|information_schema|performance_schema|sys)$/i.test(schema),
  rewrites,
  diagnoses,
  comment: (comment) => {
    if (/^\/\*M?!/i.test(comment)) {
      return { rule: 'comment.executed', message: 'A comment of this form is run.', allowed: 'Comments that do not begin with !.' };
    }
    if (comment.startsWith('/*+')) {
      return { rule: 'hint.unlisted', message: 'Hints may change the session.', allowed: 'The same statement without hints.' };
    }
    if (/^--[^\s]/.test(comment)) {
      return { rule: 'comment.ambiguous', message: '-- is no comment here without a blank after it.', allowed: 'A blank after --.' };
    }
    return null;
  },
};
