import type { Excess, Privileges } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { quantity } from '../../platform/quantity.ts';
import { readerSql, tablesSql, viewsSql } from './catalog.sql.ts';
import { idOf } from './facts-rows.ts';
import { excessOfOthers, excessOfRoles, excessOfSystem, excessOfTables, isEverything, toldExcess } from './privilege-excess.ts';
import { prove, type Sample } from './privilege-proof.ts';
import { leastPrivilegeScript } from './privilege-script.ts';
import { lockableSql, othersSql, rolesSql, schemasSql, systemSql, writableSql } from './privileges.sql.ts';
import { readReadable } from './readable.ts';
import type { OracleSession, Row } from './session.ts';
import { inBatches, inReadOnly } from './transaction.ts';

/** So many tables are named, and so many of each kind tried. */
const named = 20;
const tried = 2;

const tooMuch = () =>
  new Fault('database.failed', {
    stage: 'privilege',
    detail: 'There are more rights than Portcullis reads.',
    tryThis: ['Use a login that sees fewer schemas.'],
    technical: 'over 256 MB in one kind',
  });

/** The relations there are, how many of them are readable, and a few for which no right to write was found. */
async function countRelations(session: OracleSession, writable: ReadonlySet<string>) {
  const readable = await readReadable(session, tooMuch);
  const found = { relations: 0, readable: 0, samples: [] as Sample[] };
  for (const sql of [tablesSql, viewsSql])
    for await (const rows of inBatches(session, sql, tooMuch))
      for (const [schema, name] of rows) {
        found.relations += 1;
        if (readable(schema, name)) found.readable += 1;
        if (sql === tablesSql && found.samples.length < tried && !writable.has(idOf(schema, name)))
          found.samples.push([schema ?? '', name ?? '']);
      }
  return found;
}

/** Tables that can be written: which, and the rights to the first of them. */
async function readWritable(session: OracleSession) {
  const tables = new Set<string>();
  const first: Row[] = [];
  for await (const rows of inBatches(session, writableSql, tooMuch))
    for (const row of rows) {
      tables.add(idOf(row[0], row[1]));
      if (tables.size <= named) first.push(row);
    }
  return { tables, first };
}

async function readOthers(session: OracleSession) {
  const found = new Map<string, { names: string[]; total: number }>();
  for await (const rows of inBatches(session, othersSql, tooMuch))
    for (const [kind, name] of rows) {
      const one = found.get(kind ?? '') ?? { names: [], total: 0 };
      one.total += 1;
      if (one.total <= named) one.names.push(name ?? '');
      found.set(kind ?? '', one);
    }
  return found;
}

const tables = (count: number): string => quantity(count, 'table');

function summarise(
  excess: readonly Excess[],
  everything: boolean,
  counts: { relations: number; readable: number; writable: number },
): string {
  const { relations, readable, writable } = counts;
  const reads = readable === relations ? `${tables(readable)} readable.` : `${readable} of ${tables(relations)} readable.`;
  if (everything) return `Administrator: could change everything in the database. ${reads}`;
  const severe = excess.find((one) => one.severe);
  if (severe) return `Far more than reading: ${severe.what.charAt(0).toLowerCase()}${severe.what.slice(1)}. ${reads}`;
  if (writable > 0) return `Can write ${tables(writable)}. ${reads}`;
  if (excess.length > 0) return `Cannot write a table, but can do more than read. ${reads}`;
  return `Cannot write. ${reads}`;
}

/** What this login could do beyond reading, by every grant and role it has, and by having a write parsed; nothing is written. */
export async function readPrivileges(session: OracleSession): Promise<Privileges> {
  const found = await inReadOnly(session, async () => {
    const [reader] = await session.run(readerSql);
    const roles: string[] = [];
    for await (const rows of inBatches(session, rolesSql, tooMuch)) roles.push(...rows.map(([role]) => role ?? ''));
    const system: Row[] = [];
    for await (const rows of inBatches(session, systemSql, tooMuch)) system.push(...rows);
    const written = await readWritable(session);
    const { samples, ...counts } = await countRelations(session, written.tables);
    const everything = isEverything(roles);
    // An administrator needs no grant: listing what it can write would list everything.
    const any = everything || system.some(([privilege]) => /^(INSERT|UPDATE|DELETE) ANY TABLE$/.test(privilege ?? ''));
    const writable = any ? counts.relations : written.tables.size;
    const others = everything ? [] : excessOfOthers(await readOthers(session));
    const byTable = any ? [] : excessOfTables(written.first, reader?.[0] ?? '', written.tables.size);
    const excess = toldExcess([...excessOfRoles(roles), ...(everything ? [] : excessOfSystem(system)), ...byTable, ...others]);
    const [lockable] = await session.run(lockableSql);
    const schemas: string[] = [];
    for await (const rows of inBatches(session, schemasSql, tooMuch)) schemas.push(...rows.map(([schema]) => schema ?? ''));
    const own = written.first.slice(0, 1000).map(([schema, table]): Sample => [schema ?? '', table ?? '']);
    const firstWritable = own
      .filter(([schema, table], at) => own.findIndex(([s, t]) => s === schema && t === table) === at)
      .slice(0, tried);
    return {
      ...counts,
      writable,
      everything,
      excess,
      lockable: Number(lockable?.[0] ?? 0),
      schemas,
      samples: [...samples, ...firstWritable],
    };
  });
  const { relations, readable, writable, everything, excess } = found;
  const proof = await prove(session, found.samples, everything);
  if (found.lockable > 0)
    proof.push(`${tables(found.lockable)} granted by SELECT and not READ: rows could be locked, which the read-only transaction refuses`);
  return {
    grade: excess.some((one) => one.severe) ? 'severe' : excess.length > 0 ? 'writes' : 'read_only',
    summary: summarise(excess, everything, { relations, readable, writable }),
    relations,
    readable,
    writable,
    excess,
    proof,
    script: leastPrivilegeScript(found.schemas),
  };
}
