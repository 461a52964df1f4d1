import type { Lab } from './engine-lab.ts';
import { mariadbLab } from './lab-mariadb.ts';
import { mysqlLab } from './lab-mysql.ts';
import { oracleLab } from './lab-oracle.ts';
import { postgresLab } from './lab-postgres.ts';
import { sqliteLab } from './lab-sqlite.ts';
import { sqlServerLab } from './lab-sqlserver.ts';
import { embeddedBinaries } from './postgres-embedded.ts';
import { gate } from './require.ts';

/**
 * Every engine with a database of its own that a test can start or is named one, in the order of the registry; `skip` where this machine has none.
 * PostgreSQL twice: the installed one, and the newest, which npm brings.
 */
export const labs = [
  { name: 'postgresql', id: 'postgresql', make: () => postgresLab(), skip: gate('postgres').skip },
  { name: 'postgresql of npm', id: 'postgresql', make: () => postgresLab(embeddedBinaries()), skip: gate('postgres-of-npm').skip },
  { name: 'mysql', id: 'mysql', make: mysqlLab, skip: gate('mysql').skip },
  { name: 'mariadb', id: 'mariadb', make: mariadbLab, skip: gate('mariadb').skip },
  { name: 'sqlserver', id: 'sqlserver', make: sqlServerLab, skip: gate('sqlserver').skip },
  { name: 'oracle', id: 'oracle', make: oracleLab, skip: gate('oracle').skip },
  { name: 'sqlite', id: 'sqlite', make: sqliteLab, skip: false },
] as const;
export type LabName = (typeof labs)[number]['name'];

/** Starts those that this machine has, or those of them that are named. */
export async function startLabs(names: readonly LabName[] = labs.map(({ name }) => name)): Promise<Partial<Record<LabName, Lab>>> {
  const running: Partial<Record<LabName, Lab>> = {};
  await Promise.all(
    labs.map(async ({ name, make, skip }) => {
      if (!skip && names.includes(name)) running[name] = await make();
    }),
  );
  return running;
}
