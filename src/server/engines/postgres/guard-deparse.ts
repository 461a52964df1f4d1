import { Deparser } from 'pgsql-deparser';
import { opened, type Tree } from './guard-kinds.ts';

type Indirection = Parameters<Deparser['A_Indirection']>;
type Select = Parameters<Deparser['SelectStmt']>;

/** The deparser with what it leaves out; whatever else it may get wrong shows when its text is read again. */
class Writer extends Deparser {
  /** (ARRAY[1, 2])[1] needs its parentheses. */
  override A_Indirection(...[node, context]: Indirection): string {
    if (opened(node.arg ?? {})?.kind !== 'A_ArrayExpr' || !node.arg) return super.A_Indirection(node, context);
    // Written with a placeholder in its place: what is nested is written once.
    const place = '$1';
    return `(${this.visit(node.arg, context)})${super.A_Indirection({ ...node, arg: { ParamRef: { number: 1 } } }, context).slice(place.length)}`;
  }

  /** FETCH FIRST … WITH TIES is no LIMIT. */
  override SelectStmt(...[node, context]: Select): string {
    const { ival } = ((node.limitCount as Tree | undefined)?.A_Const ?? {}) as { ival?: { ival?: number } };
    if (node.limitOption !== 'LIMIT_OPTION_WITH_TIES' || !ival) return super.SelectStmt(node, context);
    const { limitCount, ...rest } = node;
    return `${super.SelectStmt({ ...rest, limitOption: 'LIMIT_OPTION_DEFAULT' }, context)} FETCH FIRST ${ival.ival ?? 0} ROWS WITH TIES`;
  }
}

/** The text of a tree. */
export function written(statement: Tree): string {
  return new Writer([statement] as ConstructorParameters<typeof Deparser>[0], { pretty: false }).deparseQuery();
}
