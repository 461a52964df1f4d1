import type { Cell } from '../engine.ts';
import type { PostgresSession } from './session.ts';

type Decode = (text: string) => Cell;

const exact: Decode = (text) => text;
const boolean: Decode = (text) => text === 't';
/** A number where JSON carries it to the last bit; NaN, the infinities and minus zero stay text. */
const number: Decode = (text) => {
  const value = Number(text);
  return Number.isFinite(value) && !Object.is(value, -0) ? value : text;
};

/** Types by their oid, as PostgreSQL names them; every other one is asked for. Oids below 10,000 never change. */
const known: ReadonlyMap<number, readonly [name: string, decode: Decode]> = new Map([
  [16, ['boolean', boolean]],
  [17, ['bytea', exact]],
  [18, ['"char"', exact]],
  [19, ['name', exact]],
  [20, ['bigint', exact]],
  [21, ['smallint', number]],
  [23, ['integer', number]],
  [25, ['text', exact]],
  [26, ['oid', number]],
  [114, ['json', exact]],
  [700, ['real', number]],
  [701, ['double precision', number]],
  [1042, ['character', exact]],
  [1043, ['character varying', exact]],
  [1082, ['date', exact]],
  [1083, ['time without time zone', exact]],
  [1114, ['timestamp without time zone', exact]],
  [1184, ['timestamp with time zone', exact]],
  [1186, ['interval', exact]],
  [1700, ['numeric', exact]],
  [2950, ['uuid', exact]],
  [3802, ['jsonb', exact]],
]);

const namesSql = 'SELECT oid, format_type(oid, NULL) FROM pg_type WHERE oid = ANY ($1::oid[])';
const asked = new WeakMap<PostgresSession, Map<number, string>>();

/** The names of types, in their order; what this session has not met yet is asked of the server, if it still can be. */
export async function typeNames(session: PostgresSession, oids: readonly number[]): Promise<string[]> {
  const learned = asked.get(session) ?? new Map<number, string>();
  asked.set(session, learned);
  const missing = [...new Set(oids)].filter((oid) => !known.has(oid) && !learned.has(oid));
  if (missing.length > 0 && session.usable) {
    const rows = await session.run(namesSql, [`{${missing.join(',')}}`]);
    for (const [oid, name] of rows) learned.set(Number(oid), name ?? 'unknown');
  }
  return oids.map((oid) => known.get(oid)?.[0] ?? learned.get(oid) ?? 'unknown');
}

/** What makes a row as it is answered of one as it came: the server's own text, but for booleans and for numbers that JSON carries exactly. */
export function decoderOf(oids: readonly number[]): (row: readonly (string | null)[]) => readonly Cell[] {
  const decoders = oids.map((oid) => known.get(oid)?.[1] ?? exact);
  if (decoders.every((decode) => decode === exact)) return (row) => row;
  return (row) => row.map((text, index) => (text === null ? null : (decoders[index] ?? exact)(text)));
}
