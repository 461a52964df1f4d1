import type { Excess, Privileges } from '../../../contract/connections.ts';
import { quantity } from '../../platform/quantity.ts';
import { excessOfOthers, excessOfRoles, excessOfTables, reachedOf, toldExcess } from './privilege-excess.ts';
import { prove } from './privilege-proof.ts';
import { leastPrivilegeScript } from './privilege-script.ts';
import { countsSql, othersSql, rolesSql, schemasSql, writableSql } from './privileges.sql.ts';
import type { PostgresSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

const count = (value: string | null): number => (Number.isSafeInteger(Number(value)) ? Number(value) : 0);
const tables = (count: number): string => quantity(count, 'table');

function summarise(
  excess: readonly Excess[],
  superuser: boolean,
  counts: { relations: number; readable: number; writable: number },
): string {
  const { relations, readable, writable } = counts;
  const reads = readable === relations ? `${tables(readable)} readable.` : `${readable} of ${tables(relations)} readable.`;
  if (superuser) return `Superuser: could change everything on the server. ${reads}`;
  const severe = excess.find((one) => one.severe);
  if (severe) return `Far more than reading: ${severe.what.charAt(0).toLowerCase()}${severe.what.slice(1)}. ${reads}`;
  if (writable > 0) return `Can write ${tables(writable)}. ${reads}`;
  if (excess.length > 0) return `Cannot write a table, but can do more than read. ${reads}`;
  return `Cannot write. ${reads}`;
}

/** What this login could do beyond reading, by the grants of every role it is or can become, and by asking for the lock of a write; nothing is written. */
export async function readPrivileges(session: PostgresSession): Promise<Privileges> {
  const found = await inReadOnly(session, async () => {
    const roles = (await session.run(rolesSql)).map(reachedOf);
    const [counts] = await session.run(countsSql);
    const [relations = 0, readable = 0, writable = 0] = (counts ?? []).map(count);
    const superuser = roles.some((role) => role.self && role.attributes.includes('superuser'));
    // A superuser needs no grant: listing what it can write would list everything.
    const written = superuser ? [] : excessOfTables(await session.run(writableSql), roles, writable);
    const others = superuser ? [] : excessOfOthers(await session.run(othersSql));
    const script = leastPrivilegeScript(session.address.database, await session.run(schemasSql));
    return { relations, readable, writable, superuser, script, excess: toldExcess([...excessOfRoles(roles), ...written, ...others]) };
  });
  const { superuser, excess, script, ...counts } = found;
  const grade = excess.some((one) => one.severe) ? 'severe' : excess.length > 0 ? 'writes' : 'read_only';
  return { grade, summary: summarise(excess, superuser, counts), ...counts, excess, proof: await prove(session, superuser), script };
}
