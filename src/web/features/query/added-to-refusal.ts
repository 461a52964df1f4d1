import type { Problem } from '../../../contract/faults.ts';
import type { Refusal } from '../../../contract/query.ts';

/** What an answer says beyond the refusal in it, such as that the schema is being read again; '' where it says nothing more. */
export function addedTo({ message }: Pick<Refusal, 'message'>, problem: Pick<Problem, 'detail'> | null): string {
  const at = problem?.detail.lastIndexOf(message) ?? -1;
  return at < 0 ? '' : (problem?.detail.slice(at + message.length).trim() ?? '');
}
