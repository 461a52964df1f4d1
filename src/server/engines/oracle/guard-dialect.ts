import { type Dialect, setOf } from '../sqlparser/dialect.ts';
import { bare, before, functions, hidden, types, units, words } from './guard-names.ts';
import { reserved } from './guard-reserved.ts';
import { diagnoses, rewrites } from './guard-rewrites.ts';

const systemSchemas =
  /^(sys|system|sysaux|xdb|mdsys|ctxsys|ordsys|orddata|wmsys|olapsys|dbsnmp|outln|audsys|gsmadmin_internal|lbacsys|dvsys|dvf|ojvmsys|appqossys|dbsfwuser|remote_scheduler_agent|sys\$umf|anonymous|apex_\w+|flows_\w+|public)$/i;
const systemNames =
  /^((g?v_?\$|x\$)|(all|dba|user|cdb)_|(dict|dictionary|cat|tab|obj|plan_table|recyclebin|session_\w+|nls_session_parameters)$)|\$$/i;

/** How Oracle reads SQL. The session pins the modes that this relies on. */
export const oracleDialect: Dialect = {
  label: 'Oracle SQL',
  parser: 'oracle',
  lexis: {
    identifierQuotes: { '"': '"' },
    stringPrefixes: 'nN',
    chosenQuotes: true,
    escapes: false,
    parameter: /:(?:[A-Za-z]\w*|\d{1,4})/y,
    word: /[A-Za-z_\u0080-\u{10ffff}][\w$#\u0080-\u{10ffff}]*/uy,
    number: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:[dDfF](?![\w$#]))?/y,
  },
  quote: (identifier) => `"${identifier}"`,
  fold: (word) => (/^[\0-\x7f]*$/.test(word) || word === word.toUpperCase() ? word.toUpperCase() : null),
  ignoresCase: false,
  columnsIgnoreCase: true,
  as: ' ',
  words: new Set([...words, ...units]),
  before,
  types,
  marks: '(),.*+-/=<>!|^:',
  functions,
  bare,
  hidden,
  tableFunctions: {},
  unitFunctions: new Set(),
  units,
  joins: setOf('Join Inner Left LeftOuter Right RightOuter FullOuter CrossJoin Natural CrossApply OuterApply'),
  operators: setOf('Plus Minus Multiply Divide StringConcat Gt Lt GtEq LtEq Eq NotEq And Or Overlaps'),
  hints: { allowed: new Set(), locks: new Set() },
  reserved,
  reservedEverywhere: false,
  aliases: new Set(['order']),
  selfVisible: 'always',
  innerWithSees: true,
  typedTexts: setOf('Date Timestamp'),
  partitions: true,
  dual: { sent: '"SYS"."DUAL"', columns: ['DUMMY'] },
  spaceChangesCalls: false,
  titled: false,
  namedPivots: false,
  placeholders: 'named',
  system: (schema, name) => (schema !== null && systemSchemas.test(schema)) || systemNames.test(name),
  rewrites,
  diagnoses,
  comment: (comment) =>
    /^(\/\*|--)\+/.test(comment)
      ? { rule: 'hint.unlisted', message: 'Hints may change more than the plan.', allowed: 'The same statement without hints.' }
      : null,
};
