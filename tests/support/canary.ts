import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { TestApp } from './app.ts';
import { filesUnder, findSecret, rowsAsBytes } from './secret-search.ts';

/** A secret that no encoding leaves as it is. */
export const newSecret = (): string => `Ca"n%y\\é@:/?#${randomBytes(12).toString('hex')}`;

/** Every table of the store with all its rows, pg-boss's included. */
export async function storeContents(app: TestApp): Promise<{ place: string; bytes: Buffer }[]> {
  const { db, kind } = app.server.built.store;
  const names =
    kind === 'embedded'
      ? await sql<{ name: string }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`.execute(db)
      : await sql<{
          name: string;
        }>`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`.execute(
          db,
        );
  const contents: { place: string; bytes: Buffer }[] = [];
  for (const { name } of names.rows) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.raw(name)}`.execute(db);
    contents.push({ place: `table ${name}`, bytes: rowsAsBytes(rows) });
  }
  return contents;
}

async function everyPlace(app: TestApp, answers: readonly string[]): Promise<{ place: string; bytes: Buffer }[]> {
  return [
    { place: 'log', bytes: Buffer.from(app.logged()) },
    { place: 'answers', bytes: Buffer.from(answers.join('\n')) },
    ...(await storeContents(app)),
    ...filesUnder(app.folder).map(({ path, bytes }) => ({ place: `file ${path}`, bytes })),
  ];
}

/** In which places, and under which forms, any of the secrets stands. */
export const search = async (app: TestApp, answers: readonly string[], secrets: readonly string[]): Promise<string[]> =>
  (await everyPlace(app, answers)).flatMap(({ place, bytes }) =>
    secrets.flatMap((secret) => findSecret(bytes, secret).map((form) => `${place}: ${form}`)),
  );
