import type { Excess, Privileges } from '../../../contract/connections.ts';
import { shownName } from '../shown-name.ts';
import { counted } from './facts.ts';
import { readGrants } from './grants.ts';
import { within } from './literal.ts';
import { excessOf, type Held, toldExcess, writes } from './privilege-excess.ts';
import { prove } from './privilege-proof.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

const tables = (count: number): string => (count === 1 ? '1 table' : `${count} tables`);
/** Tables that the proof is tried on. */
const mostSamples = 4;

/** What SHOW GRANTS prints, or nothing where it may not be asked. */
async function printed(session: MysqlSession, sql: string): Promise<string[]> {
  try {
    return (await session.run(sql)).flatMap(([line]) => (line ? [line] : []));
  } catch (error) {
    if (error instanceof ServerError) return [];
    throw error;
  }
}

/** Every grant of the login: its own, those of roles that it has or can take on, and those that everyone has. */
async function heldBy(session: MysqlSession): Promise<Held[]> {
  const { own, everyone, ofRole } = session.flavour.privileges;
  const mine = readGrants((await session.run(own)).flatMap(([line]) => (line ? [line] : [])));
  const held: Held[] = mine.grants.map((grant) => ({ grant, cause: 'Granted to this login' }));
  if (everyone) {
    const { grants } = readGrants(await printed(session, everyone));
    held.push(...grants.map((grant) => ({ grant, cause: 'Granted to PUBLIC' })));
  }
  const waiting = [...mine.roles];
  const seen = new Set<string>(waiting);
  for (let role = waiting.shift(); role !== undefined && seen.size <= 200; role = waiting.shift()) {
    const { grants, roles } = readGrants(await printed(session, ofRole(role)));
    const cause = `It has or can take on the role ${shownName(role)} (SET ROLE)`;
    held.push(...grants.map((grant) => ({ grant, cause })));
    for (const more of roles) if (!seen.has(more)) waiting.push(more);
    for (const more of roles) seen.add(more);
  }
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
  const single = new Set(found.flatMap((one) => (one !== null && one !== 'all' ? [one.table] : [])));
  const writable = all ? relations : single.size;
  const excess = toldExcess(excessOf(held));
  const grade = excess.some((one) => one.severe) ? 'severe' : excess.length > 0 ? 'writes' : 'read_only';
  const samples = [...names.filter((name) => single.has(name)).slice(0, 2), ...names.filter((name) => !single.has(name)).slice(0, 2)];
  return {
    grade,
    summary: summarise(excess, { relations, readable, writable }),
    relations,
    readable,
    writable,
    excess,
    proof: ['SHOW GRANTS of the login, of its roles and of everyone: read', ...(await prove(session, samples.slice(0, mostSamples)))],
    script: session.flavour.loginScript(database),
  };
}
