import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { PostgresOptions } from './postgres-folder.ts';
import { prepareFolder } from './postgres-folder.ts';
import { endProcess, startProcess, watchOver } from './postgres-process.ts';

/** A name and a password that the server takes. */
export interface Login {
  username: string;
  password: string;
}

/** One row of an answer, by column name. */
export type Row = Record<string, unknown>;

/** A running PostgreSQL that belongs to one test file. */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly superuser: Login;
  readonly folder: string;
  /** Of the postmaster; another one after a restart. */
  readonly pid: number;
  /** Runs one or several statements as superuser, in `postgres` unless told otherwise; the last one's rows. */
  sql(text: string, database?: string): Promise<Row[]>;
  /** Makes an empty database that only its owner and the logins made here may connect to. */
  createDatabase(name: string): Promise<void>;
  /** Makes a login that may connect and read every table that exists by now, and no more. */
  createReadOnlyLogin(database: string, username: string, password: string): Promise<Login>;
  /** A connection address, of the superuser unless told otherwise. */
  url(database: string, user?: Login): string;
  /** Ends all sessions and comes back on the same port. */
  restart(): Promise<void>;
  /** Ends the server at once and removes its folder; the second call does nothing. */
  stop(): Promise<void>;
}

function readOnlyGrants(database: string, username: string): string {
  const role = escapeLiteral(username);
  return `
    GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(username)};
    DO $$ DECLARE space text; BEGIN
      FOR space IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', space, ${role}::text);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', space, ${role}::text);
      END LOOP;
    END $$;`;
}

/** Starts a PostgreSQL of its own for a test, in a temporary folder and on a free port of 127.0.0.1. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const superuser = { username: 'postgres', password: randomBytes(18).toString('base64url') };
  const place = await prepareFolder(options, superuser.password);
  const dismiss = watchOver(place);
  const removeFolder = async () => {
    dismiss();
    await rm(place.folder, { recursive: true, force: true, maxRetries: 3 });
  };
  let running = await startProcess(place).catch(async (error) => {
    await removeFolder();
    throw error;
  });

  async function sql(text: string, database = 'postgres'): Promise<Row[]> {
    const user = superuser.username;
    const client = new Client({ host: place.folder, port: running.port, user, password: superuser.password, database });
    await client.connect();
    try {
      const answer: unknown = await client.query(text);
      const last = (Array.isArray(answer) ? answer.at(-1) : answer) as { rows: Row[] };
      return last.rows;
    } finally {
      await client.end();
    }
  }

  return {
    host: '127.0.0.1',
    port: running.port,
    superuser,
    folder: place.folder,
    get pid() {
      return running.child.pid ?? 0;
    },
    sql,
    async createDatabase(name) {
      await sql(`CREATE DATABASE ${escapeIdentifier(name)}`);
      await sql(`REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC`);
    },
    async createReadOnlyLogin(database, username, password) {
      const [known] = await sql(`SELECT 1 FROM pg_roles WHERE rolname = ${escapeLiteral(username)}`);
      const verb = known === undefined ? 'CREATE' : 'ALTER';
      await sql(`${verb} ROLE ${escapeIdentifier(username)} LOGIN PASSWORD ${escapeLiteral(password)}`);
      await sql(readOnlyGrants(database, username), database);
      return { username, password };
    },
    url(database, user = superuser) {
      const [name, password, path] = [user.username, user.password, database].map(encodeURIComponent);
      return `postgres://${name}:${password}@127.0.0.1:${running.port}/${path}`;
    },
    async restart() {
      await endProcess(running.child, 'SIGINT');
      running = await startProcess(place, running.port);
    },
    async stop() {
      await endProcess(running.child, 'SIGQUIT');
      await removeFolder();
    },
  };
}
