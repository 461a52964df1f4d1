import { z } from 'zod';

export const SearchInput = z.strictObject({
  question: z.string().trim().min(1, 'ask something').max(1000),
  limit: z.int().min(1).max(50).default(10),
});
export type SearchInput = z.infer<typeof SearchInput>;

/** Why a table came up: the question's words and where each was found; or, of those that were not, to what they are near in meaning. */
export const Why = z.object({
  word: z.string(),
  where: z.enum(['table', 'column', 'comment', 'description', 'value', 'neighbour', 'meaning']),
  text: z.string(),
});
export type Why = z.infer<typeof Why>;

export const FoundTable = z.object({
  schema: z.string(),
  table: z.string(),
  comment: z.string().nullable(),
  score: z.number(),
  columns: z
    .array(z.object({ name: z.string(), type: z.string(), comment: z.string().nullable() }))
    .describe('The columns that fit the question best'),
  why: z.array(Why),
  summary: z.string().describe('The reasons in one sentence'),
});
export type FoundTable = z.infer<typeof FoundTable>;

export const Join = z.object({
  from: z.object({ schema: z.string(), table: z.string(), columns: z.array(z.string()) }),
  to: z.object({ schema: z.string(), table: z.string(), columns: z.array(z.string()) }),
  name: z.string(),
});
export type Join = z.infer<typeof Join>;

export const SearchResult = z.object({ tables: z.array(FoundTable), joins: z.array(Join) });
export type SearchResult = z.infer<typeof SearchResult>;

export const SearchEverywhereResult = z.object({
  tables: z.array(FoundTable.extend({ connectionId: z.string(), connectionName: z.string() })),
  joins: z.array(Join.extend({ connectionId: z.string() })),
});
export type SearchEverywhereResult = z.infer<typeof SearchEverywhereResult>;
