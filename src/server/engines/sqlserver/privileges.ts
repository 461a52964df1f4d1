import type { Excess, Privileges } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { quantity } from '../../platform/quantity.ts';
import type { Row } from './answer.ts';
import {
  excessOfOthers,
  excessOfRights,
  excessOfRoles,
  excessOfTables,
  type Relation,
  relationsOf,
  toldExcess,
} from './privilege-excess.ts';
import { leastPrivilegeScript } from './privilege-script.ts';
import { columnRightsSql, grantsSql, othersSql, relationsSql, rightsSql, rolesSql, schemasSql, serverSql } from './privileges.sql.ts';
import { perhaps } from './server.ts';
import type { SqlServerSession } from './session.ts';
import { inBatches } from './stream.ts';

const tables = (count: number): string => quantity(count, 'table');

function summarise(excess: readonly Excess[], isAll: boolean, relations: readonly Relation[]): string {
  const readable = relations.filter((one) => one.readable).length;
  const writable = relations.filter((one) => one.rights.length > 0).length;
  const reads = readable === relations.length ? `${tables(readable)} readable.` : `${readable} of ${tables(relations.length)} readable.`;
  const boundary = 'SQL Server has no read-only transaction: the rights of this login are the boundary.';
  if (isAll) return `Administrator: could change everything on the server. ${reads} ${boundary}`;
  const severe = excess.find((one) => one.severe);
  if (severe) return `Far more than reading: ${severe.what.charAt(0).toLowerCase()}${severe.what.slice(1)}. ${reads} ${boundary}`;
  if (writable > 0) return `Can write ${tables(writable)}. ${reads} ${boundary}`;
  if (excess.length > 0) return `Cannot write a table, but can do more than read. ${reads} ${boundary}`;
  return `Cannot write. ${reads} ${boundary}`;
}

const tooMuch = () =>
  new Fault('database.failed', { stage: 'privilege', detail: 'The catalogue is larger than Portcullis reads.', technical: 'over 256 MB' });

/** Rows that may be many: one for each relation. */
async function all(session: SqlServerSession, text: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of inBatches(session, text, tooMuch)) {
    rows.push(...batch);
    if (rows.length > 200_000) throw tooMuch();
  }
  return rows;
}

/** What this login could do beyond reading, by what the server says it may: nothing is tried, for nothing would hold a try back. */
export async function readPrivileges(session: SqlServerSession): Promise<Privileges> {
  const roles = await session.run(rolesSql);
  const rights = await perhaps(session, rightsSql);
  const relations = relationsOf(await all(session, relationsSql), await perhaps(session, columnRightsSql));
  const isAll =
    roles.some(([where, name]) => where === 'SERVER' && name === 'sysadmin') || rights.some(([, name]) => name === 'CONTROL SERVER');
  const ofServer = await perhaps(session, serverSql);
  const found = isAll
    ? [...excessOfRoles(roles.filter(([where]) => where === 'SERVER')), ...excessOfRights(rights.filter(([where]) => where === 'SERVER'))]
    : [
        ...excessOfRoles(roles),
        ...excessOfRights(rights),
        ...excessOfTables(relations, await perhaps(session, grantsSql)),
        ...excessOfOthers([...(await session.run(othersSql)), ...ofServer]),
      ];
  const excess = toldExcess(found);
  const schemas = await session.run(schemasSql);
  const script = leastPrivilegeScript(
    session.address.database,
    schemas.map(([name]) => String(name)),
    Number(schemas[0]?.[1] ?? 0),
  );
  return {
    grade: excess.some((one) => one.severe) ? 'severe' : excess.length > 0 ? 'writes' : 'read_only',
    summary: summarise(excess, isAll, relations),
    relations: relations.length,
    readable: relations.filter((one) => one.readable).length,
    writable: relations.filter((one) => one.rights.length > 0).length,
    excess,
    proof: [
      `fn_my_permissions on the server and the database: ${rights.length === 0 ? 'not answered' : `${rights.length} rights`}`,
      'IS_SRVROLEMEMBER and IS_ROLEMEMBER for every role that there is to see',
      `HAS_PERMS_BY_NAME for INSERT, UPDATE, DELETE and ALTER on ${tables(relations.length)}, and for EXECUTE, IMPERSONATE and sequences`,
      `Programs, linked servers and logins to act as: ${ofServer.length === 0 ? 'none to be seen' : 'asked of the server'}`,
      'Nothing was tried: without a read-only transaction a write that is not refused would be one',
    ],
    script,
  };
}
