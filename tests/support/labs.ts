import type { Lab } from './engine-lab.ts';
import { mariadbLab } from './lab-mariadb.ts';
import { mysqlLab } from './lab-mysql.ts';
import { oracleLab } from './lab-oracle.ts';
import { postgresLab } from './lab-postgres.ts';
import { sqliteLab } from './lab-sqlite.ts';
import { sqlServerLab } from './lab-sqlserver.ts';
import { gate } from './require.ts';

/** Every engine with a database of its own that a test can start or is named one, in the order of the registry; `skip` where this machine has none. */
export const labs = [
  { id: 'postgresql', make: postgresLab, skip: gate('postgres').skip },
  { id: 'mysql', make: mysqlLab, skip: gate('mysql').skip },
  { id: 'mariadb', make: mariadbLab, skip: gate('mariadb').skip },
  { id: 'sqlserver', make: sqlServerLab, skip: gate('sqlserver').skip },
  { id: 'oracle', make: oracleLab, skip: gate('oracle').skip },
  { id: 'sqlite', make: sqliteLab, skip: false },
] as const;
export type LabId = (typeof labs)[number]['id'];

/** Starts those that this machine has. */
export async function startLabs(): Promise<Partial<Record<LabId, Lab>>> {
  const running: Partial<Record<LabId, Lab>> = {};
  await Promise.all(
    labs.map(async ({ id, make, skip }) => {
      if (!skip) running[id] = await make();
    }),
  );
  return running;
}
