import type { z } from 'zod';
import { Fault } from './fault.ts';

/** Parses or throws request.invalid for the first problem, naming its field; the value itself is never repeated. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, prefix = ''): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = [prefix, ...(issue?.path ?? []).map(String)].filter(Boolean).join('.');
  if (issue?.code === 'unrecognized_keys') {
    const field = [path, issue.keys[0]].filter(Boolean).join('.');
    throw new Fault('request.invalid', { field, detail: `${field}: there is no such field. Leave it out.` });
  }
  throw new Fault('request.invalid', {
    field: path || null,
    detail: `${path || 'The body'}: ${issue?.message ?? 'is not as it should be'}.`,
  });
}
