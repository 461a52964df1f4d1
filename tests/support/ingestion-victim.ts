// A process of its own for tests to kill: reads databases on paper, whatever is asked for, until it is killed.
import { openStore } from '../../src/server/platform/database.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { buildSlowly, testCatalog } from './catalog.ts';
import { paperTables } from './paper-engine.ts';

const [folder, url, count] = process.argv.slice(2);
const place = url ? { url: new Secret(url) } : { folder: folder ?? '' };
const store = await openStore(place);
const paper = { tables: paperTables(Number(count)), failures: [], pace: 2, opened: 0 };
const { jobs, catalog } = testCatalog({ store, place }, paper, { buildPassages: buildSlowly(store) });
await jobs.start();
catalog.start();
process.stdout.write('ready\n');
