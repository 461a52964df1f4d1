// A process of its own for tests to kill: takes jobs of the queue `slow`, says so, and never ends them.
import { openStore } from '../../src/server/platform/database.ts';
import { openJobs } from '../../src/server/platform/jobs.ts';
import { createLog } from '../../src/server/platform/log.ts';
import { Secret } from '../../src/server/platform/secret.ts';

const [folder, url] = process.argv.slice(2);
const place = url ? { url: new Secret(url) } : { folder: folder ?? '' };
const store = await openStore(place);
const jobs = openJobs({ store, place, log: createLog('silent') });
jobs.work('slow', async (payload) => {
  process.stdout.write(`taken ${payload.id}\n`);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
jobs.subscribe('INGESTION_REQUESTED', 'slow');
await jobs.start();
