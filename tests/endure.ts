import { randomBytes } from 'node:crypto';
import { killRounds } from './support/kill-rounds.ts';
import { startPostgres } from './support/postgres.ts';
import { queryKillRounds } from './support/query-kills.ts';
import { loadGenerated } from './support/sample-database.ts';

/** The long runs, outside the tests: 30 kills at random moments over a schema of 1,000 tables, and 50 under a burst of statements (and a fifth as many
 * over a store in PostgreSQL). */
const rounds = Number(process.argv[2] ?? 30);
const queryRounds = Number(process.argv[3] ?? 50);
const server = await startPostgres({ fsync: true });
let failed = true;
try {
  await loadGenerated(server, 'large', 1000);
  const login = await server.createReadOnlyLogin('large', 'reader', 'a password for reading');
  const report = await killRounds(
    rounds,
    { server, database: 'large', login: { username: 'reader', password: 'a password for reading' }, tables: 1000 },
    (line) => console.log(line),
  );
  console.log(JSON.stringify({ ...report, login: login.username }, null, 2));
  await server.createDatabase('burst');
  await server.sql('create table orders (id int primary key, note text)', 'burst');
  const reader = await server.createReadOnlyLogin('burst', 'burst_reader', 'a password for reading');
  const asked = await queryKillRounds(queryRounds, { server, database: 'burst', login: reader }, (line) => console.log(line));
  console.log(JSON.stringify(asked, null, 2));
  await server.createDatabase('store');
  const { username, password } = server.superuser;
  const store = {
    PORTCULLIS_DATABASE_URL: `postgresql://${username}:${password}@${server.host}:${server.port}/store`,
    PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64'),
  };
  const onServer = await queryKillRounds(
    Math.ceil(queryRounds / 5),
    { server, database: 'burst', login: reader },
    (line) => console.log(line),
    store,
  );
  console.log(JSON.stringify(onServer, null, 2));
  const wrong = [asked, onServer].flatMap(({ missing, wrong }) => [...missing, ...wrong]);
  failed = report.lost.length + report.unfinished.length + report.wrong.length + wrong.length > 0;
  // Where little was promised, little was shown.
  failed ||= report.acknowledged < Math.floor(rounds / 3);
} finally {
  await server.stop();
}
console.log(failed ? 'FAILED' : 'nothing lost, nothing half done');
process.exit(failed ? 1 : 0);
