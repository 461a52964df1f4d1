import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';

/** A driver alone: what anybody would write who wants one answer. */
export interface BareDriver {
  ask(sql: string, parameters?: readonly (string | number)[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Where a server of a bench listens, and who reads from it. */
export interface Place {
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

export async function barePostgres({ port, database, username, password }: Place): Promise<BareDriver> {
  const client = new pg.Client({ host: '127.0.0.1', port, database, user: username, password, ssl: false });
  await client.connect();
  return {
    ask: (text, values = []) => client.query({ text, values: [...values], rowMode: 'array' }),
    close: () => client.end(),
  };
}

export async function bareMysql({ port, database, username, password }: Place): Promise<BareDriver> {
  const client = await createConnection({ host: '127.0.0.1', port, database, user: username, password, rowsAsArray: true });
  return {
    ask: (sql, values = []) => (values.length > 0 ? client.execute(sql, [...values]) : client.query(sql)),
    close: () => client.end(),
  };
}

export async function bareSqlite(file: string): Promise<BareDriver> {
  const database = new DatabaseSync(file, { readOnly: true });
  return {
    ask: async (sql, values = []) => database.prepare(sql).all(...values),
    close: async () => database.close(),
  };
}
