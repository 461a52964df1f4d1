import { hint } from '../refusal.ts';
import type { Dialect } from './dialect.ts';
import { type Found, identOf, isPlaceholder, type LineColumn, nameOf, placeOf, spanOf, textualName } from './idents.ts';
import { partsOf, type Stranger, type Tree, variant } from './kinds.ts';

export const onlyReads = 'One SELECT, VALUES or WITH … SELECT that reads published tables.';

/** What an identifier is there for, as far as its words are judged by it. */
export type Role = 'function' | 'name' | 'alias';

/** What is known while the structure is walked, and what it says about the statement. */
export interface Structure extends Found {
  readonly dialect: Dialect;
  readonly functions: Set<string>;
  /** Every identifier of the tree by the place where it begins. */
  readonly idents: Map<number, Role>;
}

const strangers: Readonly<Record<string, readonly [rule: string, message: string, allowed: string]>> = {
  'Query.locks': ['rows.locked', 'FOR UPDATE and its kin lock rows.', 'The same SELECT without FOR ….'],
  'Select.into': ['statement.not_read', 'SELECT INTO writes.', 'The same SELECT without INTO.'],
  'Modifiers.high_priority': ['rows.locked', 'HIGH_PRIORITY holds up writers.', 'The same SELECT without it.'],
  'Modifiers.sql_calc_found_rows': [
    'construct.unlisted',
    'SQL_CALC_FOUND_ROWS leaves a state behind.',
    'COUNT(*) in a statement of its own.',
  ],
  'Select.optimizer_hints': ['hint.unlisted', 'Hints may change more than the plan.', 'The same statement without hints.'],
  'Table.version': ['construct.unlisted', 'Earlier versions of rows are not published.', 'The table as it is now.'],
  'NamePart.Function': ['relation.unknown', 'A function cannot name a table.', 'A published table.'],
  'ArgumentValue.QualifiedWildcard': ['construct.unlisted', 'A row cannot be an argument.', 'The columns by name.'],
};

function refuseStranger({ kind, name, value }: Stranger, { words, lines }: Structure) {
  const known = strangers[`${kind}.${name}`];
  const place = placeOf(value, lines);
  if (known) return words.refuse(known[0], known[1], known[2], place);
  const shown = name.replace(/(?<=[a-z])(?=[A-Z])|_/g, ' ').toUpperCase();
  if (kind === 'Statement' || (kind === 'SetExpr' && /^(Insert|Update|Delete|Merge)$/.test(name))) {
    return words.refuse('statement.not_read', `${shown} is not a read.`, onlyReads, place);
  }
  return words.refuse('construct.unlisted', `${shown} is not among what a statement may be made of.`, onlyReads, place);
}

/** Whether it is a call of PIVOT, of whose name the tree does not tell the place: the words are judged instead. */
function isPivotCall(node: Tree, { dialect, functions }: Structure): boolean {
  const [part, more] = (node.name as Tree[] | undefined) ?? [];
  const {
    value,
    quote_style: quote,
    span,
  } = (part?.Identifier ?? {}) as { value?: string; quote_style?: string; span?: { start: LineColumn } };
  const name = value?.toLowerCase() ?? '';
  if (more || quote || span?.start.line !== 0 || !dialect.functions.has(name)) return false;
  functions.add(name);
  return true;
}

function judgeFunction(node: Tree, structure: Structure): void {
  const { words, dialect, functions } = structure;
  if (isPivotCall(node, structure)) return;
  const parts = nameOf(node.name, structure);
  const [first, second] = parts;
  const name = first?.value.toLowerCase() ?? '';
  const [form, list] = variant(node.args);
  const listed = form === 'None' ? dialect.bare.has(name) : dialect.functions.has(name);
  if (!first || second || first.quoted || !listed) {
    const shown = parts.map((part) => part.value).join('.');
    const near = hint(parts.at(-1)?.value ?? '', [...dialect.functions], 'functions');
    throw words.refuse(
      'function.unlisted',
      `The function ${shown} is not on the list of those that may be called.`,
      `Functions that compute from their arguments alone. ${near.startsWith('Did') ? near : 'Ask an Admin.'}`,
      first ? { start: first.span.start, end: parts.at(-1)?.span.end ?? first.span.end } : null,
    );
  }
  functions.add(name);
  structure.idents.set(first.span.start, 'function');
  const args = ((list as Tree | undefined)?.args as Tree[] | undefined) ?? [];
  if (!/^count(_big)?$/.test(name) && args.some((one) => one.Unnamed === 'Wildcard')) {
    throw words.refuse('construct.unlisted', `${name}(*) reads whole rows.`, 'The columns by name.', first.span);
  }
  if (!/^json_object(agg)?$/.test(name) && args.some((one) => one.Named !== undefined)) {
    throw words.refuse('construct.unlisted', `${name} takes no named arguments here.`, 'The arguments in their order.', first.span);
  }
}

function judgeHints(node: Tree, structure: Structure): void {
  const { words, dialect } = structure;
  for (const one of (node.with_hints as unknown[] | undefined) ?? []) {
    const [kind, value] = variant(one);
    const ident = kind === 'Identifier' ? identOf(value, structure) : null;
    const name = ident && !ident.quoted ? ident.value.toLowerCase() : '';
    if (ident && dialect.hints.allowed.has(name)) structure.idents.set(ident.span.start, 'name');
    else if (dialect.hints.locks.has(name)) {
      throw words.refuse('rows.locked', `${name.toUpperCase()} locks rows.`, 'The same SELECT without that hint.', ident?.span);
    } else {
      const message = 'This hint is not on the list of those that may be used.';
      throw words.refuse(
        'hint.unlisted',
        message,
        `Of hints behind a table: ${[...dialect.hints.allowed].join(', ')}.`,
        placeOf(one, structure.lines),
      );
    }
  }
}

function judgeLiteral(node: Tree, { words, lines, shown }: Structure): void {
  const span = spanOf(node, lines);
  if (span && shown(span.start)) return;
  const first = span ? words.indexAt(span.start) : -1;
  let last = first;
  // Strings one after the other are one string.
  while (words.kind(last) === 'string' && (words.tokens[last]?.end ?? 0) < (span?.end ?? 0)) last++;
  if (!span || first < 0 || words.tokens[last]?.end !== span.end) {
    throw words.refuse(
      'statement.unparsed',
      'A constant here can be read in more than one way.',
      'Constants apart from other words.',
      span,
    );
  }
}

/** A type before a text makes a constant of it. Where the database knows no such constant, the type is a column and the text its new name. */
function judgeTyped({ data_type: type, value }: Tree, { words, lines, dialect }: Structure): void {
  const text = /^(Single|Double)QuotedString$/.test(variant((value as Tree | undefined)?.value)[0]);
  if (text && dialect.typedTexts.has(variant(type)[0])) return;
  const message = 'A type before a text is read as a column here.';
  throw words.refuse('construct.unlisted', message, "CAST('…' AS …)", placeOf(value, lines));
}

/** Walks the whole tree and refuses what is not in the closed lists: kinds of nodes and their fields, functions, hints, joins. */
export function judgeStructure(kind: string, node: unknown, structure: Structure): void {
  const { words, dialect, lines } = structure;
  // A placeholder that looks like a name is a value and nothing else: it cannot be written to.
  if (kind === 'Expr' && isPlaceholder(node, structure)) return;
  if (kind === 'Ident') {
    const { span } = identOf(node, structure);
    if (!structure.idents.has(span.start)) structure.idents.set(span.start, 'name');
    return;
  }
  if (kind === 'Function') judgeFunction(node as Tree, structure);
  else if (kind === 'Table') judgeHints(node as Tree, structure);
  else if (kind === 'Literal') judgeLiteral(node as Tree, structure);
  else if (kind === 'TypedString') judgeTyped(node as Tree, structure);
  else if (kind === 'Interval' && !(node as Tree).leading_field) {
    throw words.refuse('construct.unlisted', 'INTERVAL needs a unit.', "INTERVAL '1' DAY", placeOf(node, lines));
  } else if (kind === 'Operator' && typeof node === 'string' && !dialect.operators.has(node)) {
    throw words.refuse('construct.unlisted', `${dialect.label} has no such operator.`, 'The operators of the database.', null);
  } else if (kind === 'Join') {
    const [join, constraint] = variant((node as Tree).join_operator);
    const natural = constraint === 'Natural';
    if (!dialect.joins.has(join) || (natural && !dialect.joins.has('Natural'))) {
      const place = placeOf((node as Tree).relation, lines);
      throw words.refuse('construct.unlisted', `${dialect.label} has no such join.`, 'JOIN … ON and its kin.', place);
    }
  } else if (kind === 'TableAlias' || kind === 'Aliased') {
    const alias = kind === 'TableAlias' ? (node as Tree).name : (node as Tree).alias;
    const plain = alias !== undefined && alias !== null && (kind === 'TableAlias' || textualName(alias) === null);
    if (plain) structure.idents.set(identOf(alias, structure).span.start, 'alias');
  }
  const textual = kind === 'Aliased' || kind === 'NamedArgument';
  for (const part of partsOf(kind, node)) {
    if ('name' in part) throw refuseStranger(part, structure);
    if (textual && part.kind === 'Ident' && textualName(part.node) !== null) continue;
    if (kind === 'Function' && part.kind === 'Name' && isPivotCall(node as Tree, structure)) continue;
    judgeStructure(part.kind, part.node, structure);
  }
}
