/** Codes under which the two stores say that a unique index refused a row. */
const codes = new Set(['23505', 'SQLITE_2067', 'SQLITE_1555']);

/** Whether an error of the store says that a unique index refused a row. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && codes.has(String((error as { code?: unknown }).code));
}
