import type { Span } from '../refusal.ts';
import type { Brought } from './from.ts';
import { identOf, nameOf, placeOf, textualName } from './idents.ts';
import { type Tree, variant } from './kinds.ts';
import type { Column, Relation, Resolution, Scope } from './scope.ts';
import { analyseExpression, namesOfExpression } from './select.ts';
import type { WithQueries } from './with.ts';

const before = /^(distinct|distinctrow|all|straight_join|sql_no_cache|sql_small_result|sql_big_result|sql_buffer_result)$/;
const after = /^(from|where|group|having|order|limit|union|intersect|except|window|for|fetch|offset)$/;

/** The stretches of the text that the items of a select list are written in; null where that cannot be told for sure. */
export function writtenItems(node: Tree, resolution: Resolution): Span[] | null {
  const { words, lines, dialect } = resolution.structure;
  if (!dialect.titled) return null;
  const place = placeOf(node.select_token, lines);
  let index = place ? words.indexAt(place.start) + 1 : 0;
  if (index === 0) return null;
  while (before.test(words.at(index))) index++;
  const items: Span[] = [];
  let from = index;
  for (; index <= words.tokens.length; index++) {
    const word = words.at(index);
    const ends = index === words.tokens.length || word === ')' || after.test(word);
    if (ends || word === ',') {
      const [first, last] = [words.tokens[from], words.tokens[index - 1]];
      if (!first || !last || index <= from) return null;
      items.push({ start: first.start, end: last.end });
      from = index + 1;
    }
    if (ends) break;
    if (word === '(') index = words.close(index);
  }
  return items.length === (node.projection as unknown[]).length ? items : null;
}

/** The stars of a select list, replaced by names of published columns: what a star means is then in the text that is sent. */
function expanded(relations: readonly Relation[], resolution: Resolution): string {
  const { quote } = resolution.structure.dialect;
  return relations
    .flatMap((relation) => {
      const name = quote(relation.name ?? '');
      return relation.places.length === 0 ? [`${name}.*`] : relation.columns.map((column) => `${name}.${quote(column.name)}`);
    })
    .join(', ');
}

/** A star of a select list: of all of FROM, or of what a name means. */
function star(item: Tree, qualified: boolean, from: readonly Brought[], resolution: Resolution, scope: Scope): Column[] {
  const { words, lines } = resolution.structure;
  const [object, options] = qualified ? (item.QualifiedWildcard as unknown[]) : [null, item.Wildcard];
  const idents = object ? nameOf(variant(object)[1], resolution.structure) : [];
  const place = placeOf(options, lines) ?? null;
  const token = place ? words.tokens[words.indexAt(place.start)] : starAfter(idents.at(-1)?.span.end ?? -1, resolution);
  const relations = qualified ? resolution.qualified(idents, scope) : from.flatMap((one) => one.relations);
  const columns = qualified ? relations.flatMap((relation) => relation.columns) : from.flatMap((one) => one.columns);
  for (const column of columns) resolution.note(column);
  const places = relations.flatMap((relation) => relation.places);
  const simple = relations.every(
    (one) => one.name !== null && (one.places.length === 0 || (one.places.length === 1 && one.columns.length > 0)),
  );
  const here = relations.every((one) => scope.relations.includes(one));
  const merged = !qualified && from.some((one) => one.merged);
  if (!token || !simple || !here || merged) for (const one of places) one.pinned = true;
  else if (places.length > 0) {
    const start = idents[0]?.span.start ?? token.start;
    resolution.edits.push(() =>
      places.every((one) => one.pinned) ? [] : [{ start, end: token.end, text: expanded(relations, resolution) }],
    );
  }
  return columns.map(({ name }) => ({ name, of: [] }));
}

function starAfter(end: number, { structure: { words } }: Resolution) {
  const index = words.tokens.findIndex((token) => token.start >= end);
  return words.at(index) === '.' && words.at(index + 1) === '*' ? words.tokens[index + 1] : undefined;
}

/** One item of a select list: the columns that it gives. */
export function selectItem(
  item: Tree,
  written: Span | null,
  from: readonly Brought[],
  resolution: Resolution,
  scope: Scope,
  queries: WithQueries | null,
): Column[] {
  const [kind, value] = variant(item);
  if (kind === 'Wildcard' || kind === 'QualifiedWildcard') return star(item, kind === 'QualifiedWildcard', from, resolution, scope);
  const expression = kind === 'ExprWithAlias' ? (value as Tree).expr : value;
  analyseExpression('Expr', expression, resolution, scope, queries);
  if (kind === 'ExprWithAlias') {
    const { alias } = value as Tree;
    return [{ name: textualName(alias) ?? resolution.read(identOf(alias, resolution.structure)), of: [] }];
  }
  const last = namesOfExpression(expression, resolution)?.at(-1);
  if (last) {
    // What is sent in another spelling keeps the name that the person wrote.
    const { dialect } = resolution.structure;
    if (!dialect.columnsIgnoreCase) resolution.titles.push({ span: last.span, title: last.value });
    return [{ name: resolution.read(last), of: [] }];
  }
  if (!written) return [{ name: '', of: [] }];
  const title = resolution.structure.words.slice(written);
  resolution.titles.push({ span: written, title });
  return [{ name: title, of: [] }];
}
