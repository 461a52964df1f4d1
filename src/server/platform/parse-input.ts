import type { z } from 'zod';
import { Fault } from './fault.ts';

/** Parses or throws request.invalid for the first problem, naming its field; the value itself is never repeated. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, prefix = ''): z.output<T> {
  const nul = findNul(value, prefix);
  // Of the two stores only one could keep it, and no name, text or address has one.
  if (nul !== null)
    throw new Fault('request.invalid', { field: nul || null, detail: `${nul || 'The text'}: must not hold a NUL character.` });
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

/** Where in the input a text holds a NUL character, as a path; null: nowhere. */
function findNul(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes('\0') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = findNul(inner, path === '' ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
