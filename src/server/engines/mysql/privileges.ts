import type { Excess, Privileges } from '../../../contract/connections.ts';
import { quantity } from '../../platform/quantity.ts';
import { shownName } from '../shown-name.ts';
import type { Row } from './commands.ts';
import { counted } from './facts.ts';
import { readGrants } from './grants.ts';
import { within } from './literal.ts';
import { excessOf, type Held, toldExcess, writes } from './privilege-excess.ts';
import { prove } from './privilege-proof.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

const tables = (count: number): string => quantity(count, 'table');
/** Tables that the proof is tried on, of those that should be writable and of those that should not. */
const samplesOfAKind = 2;
/** Roles that are followed. */
const mostRoles = 200;

/** What the last of these statements prints, or nothing where one of them may not be run. */
async function printed(session: MysqlSession, statements: readonly string[]): Promise<string[]> {
  let rows: readonly Row[] = [];
  try {
    for (const sql of statements) rows = await session.run(sql);
  } catch (error) {
    if (error instanceof ServerError) return [];
    throw error;
  }
  return rows.flatMap(([line]) => (line ? [line] : []));
}

/** Every grant of the login: its own, those of roles that it has or can take on, and those that everyone has. */
async function heldBy(session: MysqlSession): Promise<Held[]> {
  const { own, ofRole, behind } = session.flavour.privileges;
  const [[role = null] = []] = await session.run('SELECT CURRENT_ROLE()');
  const mine = readGrants((await session.run(own)).flatMap(([line]) => (line ? [line] : [])));
  const held: Held[] = mine.grants.map((grant) => ({
    grant,
    cause: grant.to === 'PUBLIC' ? 'Granted to PUBLIC' : 'Granted to this login',
  }));
  const known = new Set(mine.grants.map((grant) => JSON.stringify(grant)));
  const roles = [...mine.roles];
  const seen = new Set<string>(roles);
  for (let next = roles.shift(); next !== undefined && seen.size <= mostRoles; next = roles.shift()) {
    const found = readGrants(await printed(session, ofRole(next)));
    const cause = `It has or can take on the role ${shownName(next)} (SET ROLE)`;
    held.push(...found.grants.filter((grant) => !known.has(JSON.stringify(grant))).map((grant) => ({ grant, cause })));
    for (const more of found.roles) if (!seen.has(more)) roles.push(more);
    for (const more of found.roles) seen.add(more);
  }
  for (const sql of behind(role === 'NONE' ? null : role)) await session.run(sql);
  return held;
}

function summarise(excess: readonly Excess[], counts: { relations: number; readable: number; writable: number }): string {
  const { relations, readable, writable } = counts;
  const reads = readable === relations ? `${tables(readable)} readable.` : `${readable} of ${tables(relations)} readable.`;
  const severe = excess.find((one) => one.severe);
  if (severe) return `Far more than reading: ${severe.what.charAt(0).toLowerCase()}${severe.what.slice(1)}. ${reads}`;
  if (writable > 0) return `Can write ${tables(writable)}. ${reads}`;
  if (excess.length > 0) return `Cannot write a table, but can do more than read. ${reads}`;
  return `Cannot write. ${reads}`;
}

/** What this login could do beyond reading, by the grants of every role it is or can become, and by having a write prepared; nothing is written. */
export async function readPrivileges(session: MysqlSession): Promise<Privileges> {
  const database = session.place?.[0] ?? '';
  const { tables: relations, readable } = await counted(session);
  const [held, names] = await inReadOnly(session, async () => [
    await heldBy(session),
    (await session.run(within(session.flavour.catalog.samples, database))).flatMap(([name]) => (name ? [name] : [])),
  ]);
  const found = held.map(({ grant }) => writes(grant, database));
  const all = found.includes('all');
  const single = new Map(found.flatMap((one) => (one !== null && one !== 'all' ? [[one.table, one] as const] : [])));
  const writable = all ? relations : single.size;
  const excess = toldExcess(excessOf(held));
  const grade = excess.some((one) => one.severe) ? 'severe' : excess.length > 0 ? 'writes' : 'read_only';
  const written = [...single.values()].filter(({ table }) => names.includes(table));
  const others = names.filter((name) => !single.has(name)).map((table) => ({ table, right: 'DELETE', column: null }));
  const samples = [...written.slice(0, samplesOfAKind), ...others.slice(0, samplesOfAKind)];
  return {
    grade,
    summary: summarise(excess, { relations, readable, writable }),
    relations,
    readable,
    writable,
    excess,
    proof: ['SHOW GRANTS of the login, of its roles and of everyone: read', ...(await prove(session, samples))],
    script: session.flavour.loginScript(database),
  };
}
