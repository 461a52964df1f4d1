import type { TableDocument } from '../../src/contract/catalog.ts';

/** A table for tests in few words; a column is a name, or a name and its comment. */
export interface PlainTable {
  readonly schema?: string;
  readonly name: string;
  readonly comment?: string;
  readonly columns?: readonly (string | readonly [name: string, comment: string])[];
  /** Values of the column of the same name. */
  readonly values?: ReadonlyMap<string, readonly string[]>;
  readonly refersTo?: readonly string[];
  readonly readable?: boolean;
}

/** The table as the catalogue keeps it. Foreign keys lead to tables of the same schema. */
export function documentOf({
  schema = 'public',
  name,
  comment,
  columns = ['id'],
  values,
  refersTo = [],
  readable = true,
}: PlainTable): TableDocument {
  return {
    ...{ schema, name, kind: 'table', comment: comment ?? null, readable },
    ...{ partitions: [], partitionedBy: null, dependsOn: [], keys: [], indexes: [] },
    columns: columns.map((column, i) => {
      const [columnName, about] = typeof column === 'string' ? [column, null] : column;
      const enumValues = values?.get(columnName);
      return {
        ...{ name: columnName, position: i + 1, type: 'text', nullable: true, default: null, identity: false, generated: false },
        ...{ comment: about, enumValues: enumValues ? [...enumValues] : null, readable },
      };
    }),
    foreignKeys: refersTo.map((table) => ({
      ...{ name: `${name}_${table}_fk`, columns: [`${table}_id`], schema, table, referencedColumns: ['id'] },
      ...{ onDelete: 'NO ACTION', validated: true },
    })),
  };
}
