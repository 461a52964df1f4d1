/** Most values of one enumeration that are kept. */
const most = 200;

/** The values of a type such as `enum('calm','it''s')` or `set(…)`; null of any other. */
export function enumValues(type: string): string[] | null {
  const inner = /^(?:enum|set)\((.*)\)/s.exec(type)?.[1];
  if (inner === undefined) return null;
  const values: string[] = [];
  for (const [, value] of inner.matchAll(/'((?:[^']|'')*)'/gs)) {
    if (values.length === most) break;
    values.push((value ?? '').replaceAll("''", "'"));
  }
  return values;
}
