import { type Kysely, sql } from 'kysely';

/** Passages know by which embedder their vectors were made and of what text, and a connection whose tables all have them says so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  await run('alter table passages add column embedder text');
  await run('alter table passages add column dimensions integer');
  await run('alter table passages add column text_hash text');
  await run('create index passages_text on passages (text_hash)');
  await run(
    `create table vector_sets (connection_id text primary key references db_connections(id) on delete cascade, embedder text not null,
     dimensions integer not null, changed_at text not null)`,
  );
}
