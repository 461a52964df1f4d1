import { v7 } from 'uuid';

/** Now, as the store and the wire write it: ISO 8601 in UTC with milliseconds. */
export const now = (): string => new Date().toISOString();

/** A time `ms` milliseconds from now (negative: ago), written the same way. */
export const after = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** A new identifier: UUIDv7, so that identifiers sort by the time they were made. */
export const newId = (): string => v7();
