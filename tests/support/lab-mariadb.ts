import { mariadb } from '../../src/server/engines/mariadb/mariadb.ts';
import type { Lab } from './engine-lab.ts';
import { labOf } from './lab-mysql.ts';
import { exactOfFamily, exactOfMariadb } from './mysql-values.ts';

/** A MariaDB of its own. */
export const mariadbLab = (): Promise<Lab> =>
  labOf({
    engine: mariadb,
    exact: exactOfMariadb(exactOfFamily),
    readsOfViews: false,
    recorded: (version) => version.startsWith('10.11.'),
  });
