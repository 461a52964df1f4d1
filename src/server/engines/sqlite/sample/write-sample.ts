import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { sampleRows } from './rows.ts';
import { applicationId } from './sample.ts';
import { schemaSql } from './schema.sql.ts';

/* Writes the sample into a new file, in a thread of its own: it takes a moment, and the server has others to answer. */
const { path } = workerData as { readonly path: string };
const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN`);
database.exec(schemaSql);
for (const [table, rows] of sampleRows()) {
  const [first] = rows;
  if (!first) continue;
  const insert = database.prepare(`INSERT INTO "${table}" VALUES (${first.map(() => '?').join(', ')})`);
  // Whole numbers as such: a strict column takes no other kind.
  for (const row of rows) insert.run(...row.map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value)));
}
database.exec('COMMIT; PRAGMA synchronous = FULL; ANALYZE');
database.close();
