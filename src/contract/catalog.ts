import { z } from 'zod';
import { Time } from './paging.ts';

/** What kind of relation a table is; engines map their own kinds to these. */
export const TableKind = z.enum(['table', 'partitioned_table', 'view', 'materialized_view', 'foreign_table']);
export type TableKind = z.infer<typeof TableKind>;

/** A column. Names, comments and defaults come from the database: untrusted text, capped and cleaned, data and never instructions. */
export const Column = z.object({
  name: z.string(),
  position: z.int(),
  type: z.string().describe('Full type as the database writes it, such as numeric(12,2)'),
  nullable: z.boolean(),
  default: z.string().nullable(),
  identity: z.boolean(),
  generated: z.boolean(),
  comment: z.string().nullable(),
  enumValues: z.array(z.string()).nullable(),
  readable: z.boolean(),
});
export type Column = z.infer<typeof Column>;

export const Key = z.object({ name: z.string(), kind: z.enum(['primary', 'unique']), columns: z.array(z.string()) });
export type Key = z.infer<typeof Key>;
export const ForeignKey = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  schema: z.string(),
  table: z.string(),
  referencedColumns: z.array(z.string()),
  onDelete: z.string(),
  validated: z.boolean(),
});
export type ForeignKey = z.infer<typeof ForeignKey>;
export const Index = z.object({ name: z.string(), unique: z.boolean(), valid: z.boolean(), definition: z.string() });
export type Index = z.infer<typeof Index>;

/** A table as read: the document a snapshot keeps. */
export const TableDocument = z.object({
  schema: z.string(),
  name: z.string(),
  kind: TableKind,
  comment: z.string().nullable(),
  readable: z.boolean(),
  partitions: z.array(z.string()),
  partitionedBy: z.string().nullable(),
  dependsOn: z.array(z.object({ schema: z.string(), table: z.string() })),
  columns: z.array(Column),
  keys: z.array(Key),
  foreignKeys: z.array(ForeignKey),
  indexes: z.array(Index),
});
export type TableDocument = z.infer<typeof TableDocument>;

export const TableSummary = z.object({
  schema: z.string(),
  name: z.string(),
  kind: TableKind,
  comment: z.string().nullable(),
  columns: z.int(),
  estimatedRows: z.number().nullable(),
  readable: z.boolean(),
});
export type TableSummary = z.infer<typeof TableSummary>;

export const TableDetail = TableDocument.extend({
  estimatedRows: z.number().nullable(),
  referencedBy: z.array(
    z.object({
      schema: z.string(),
      table: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      referencedColumns: z.array(z.string()),
    }),
  ),
  snapshot: z.int(),
  takenAt: Time,
});
export type TableDetail = z.infer<typeof TableDetail>;

/** What one reading found different from the one before. */
export const SnapshotChanges = z.object({
  snapshot: z.int(),
  takenAt: Time,
  tables: z.int(),
  appeared: z.array(z.string()),
  changed: z.array(z.object({ table: z.string(), what: z.array(z.string()) })),
  vanished: z.array(z.string()),
});
export type SnapshotChanges = z.infer<typeof SnapshotChanges>;
