import { z } from 'zod';

/** Query parameters of every list. `cursor` comes from the previous page's `nextCursor`. */
export const PageQuery = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** A page of a list: `nextCursor` is null on the last one. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Identifiers are UUIDv7 strings. */
export const Id = z.uuid();

/** Times are ISO 8601 in UTC with milliseconds. */
export const Time = z.iso.datetime();
