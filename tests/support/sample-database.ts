import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Login, PostgresServer } from './postgres.ts';

export { loadGenerated } from './generated-database.ts';

/** A database with the sample schema, and who may do what in it. */
export interface SampleDatabase {
  database: string;
  /** May connect and read, no more. */
  reader: Login;
  /** May also write rows. */
  writer: Login;
}

// Logins belong to the whole server: the second sample on one server must not change the first one's passwords.
const passwords = new WeakMap<PostgresServer, string>();

function passwordOn(server: PostgresServer): string {
  const password = passwords.get(server) ?? randomBytes(18).toString('base64url');
  passwords.set(server, password);
  return password;
}

async function allowWriting(server: PostgresServer, database: string, username: string): Promise<void> {
  const role = escapeLiteral(username);
  await server.sql(
    `GRANT TEMPORARY ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(username)};
    DO $$ DECLARE space text; BEGIN
      FOR space IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', space, ${role}::text);
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', space, ${role}::text);
      END LOOP;
    END $$`,
    database,
  );
}

/** Creates the database, fills it from tests/fixtures/sample.sql, counts its rows and makes its two logins. */
export async function loadSample(server: PostgresServer, database = 'sample'): Promise<SampleDatabase> {
  const text = await readFile(new URL('../fixtures/sample.sql', import.meta.url), 'utf8');
  const password = passwordOn(server);
  await server.createDatabase(database);
  await server.sql(text, database);
  await server.sql('ANALYZE', database);
  const reader = await server.createReadOnlyLogin(database, 'portcullis_reader', password);
  const writer = await server.createReadOnlyLogin(database, 'app_writer', `${password}-writer`);
  await allowWriting(server, database, writer.username);
  return { database, reader, writer };
}
