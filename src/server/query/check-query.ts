import type { CheckInput, Verdict } from '../../contract/query.ts';
import type { Actor } from '../platform/actor.ts';
import { judgeStatement } from './judge-statement.ts';
import type { QueryContext } from './query-deps.ts';

/** The verdict on a statement; nothing is run. */
export async function checkQuery(
  context: QueryContext,
  actor: Actor,
  input: CheckInput & { readonly id: string },
  signal: AbortSignal,
): Promise<Verdict> {
  const leave = context.checks.take(actor, input.id);
  const { result } = await judgeStatement(context, actor, input, signal).finally(leave);
  if (!result.ok)
    return { allowed: false, refusal: result.refusal, tables: [], columns: [], functions: [], fingerprint: result.fingerprint };
  const { tables, columns, functions, fingerprint } = result;
  return { allowed: true, refusal: null, tables: [...tables], columns: [...columns], functions: [...functions], fingerprint };
}
