import data from './guard-functions.json' with { type: 'json' };

/** Functions of pg_catalog that a statement may call, by exact name. */
export const functions: ReadonlySet<string> = new Set(data.functions.split(' '));

/** The columns of functions that return rows of more than one, or of a named one. */
export const outputs: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(data.outputs));

/** Operators of pg_catalog; LIKE, BETWEEN and their kin stand in the tree under names of their own. */
export const operators: ReadonlySet<string> = new Set([
  ...data.operators.split(' '),
  'BETWEEN',
  'NOT BETWEEN',
  'BETWEEN SYMMETRIC',
  'NOT BETWEEN SYMMETRIC',
  '<>',
  '!=',
]);

const types =
  'bit bool bpchar box bytea char cidr circle date datemultirange daterange float4 float8 inet int2 int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric nummultirange numrange path point polygon text time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector uuid varbit varchar xml';

/** Types of pg_catalog that a value may be cast to: none of those that look names up in the catalogue, such as regclass. */
export const castTypes: ReadonlySet<string> = new Set(types.split(' ').flatMap((type) => [type, `_${type}`]));

/** Types whose values are names of the catalogue: a cast would say what there is, whoever has a column of such a type. */
const namesOfCatalog = /^(pg_catalog\.)?(reg[a-z]+|aclitem)$/;

/** Whether a value may be cast to the type of a published column. */
export const isOfPeople = (type: string): boolean => !namesOfCatalog.test(type);

/** CURRENT_DATE and its kin; those that tell who is signed in are left out. */
export const valueFunctions: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIME_N: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIME_N: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
  SVFOP_LOCALTIMESTAMP_N: 'localtimestamp',
};

/** What PostgreSQL keeps for itself: never published, whatever a catalogue says. */
export function isSystemSchema(schema: string): boolean {
  return schema === 'information_schema' || schema.startsWith('pg_');
}
