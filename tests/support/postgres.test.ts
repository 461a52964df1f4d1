import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { stemmer } from 'stemmer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from './certificates.ts';
import type { Login, PostgresServer } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import { gate } from './require.ts';
import type { SampleDatabase } from './sample-database.ts';
import { loadGenerated, loadSample } from './sample-database.ts';

interface Question {
  question: string;
  tables: string[];
  schemaWords: boolean;
}

const BUSINESS = `('sales', 'hr', 'logistics', 'finance')`;

function stems(text: string): string[] {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/\p{L}+/gu);
  return (words ?? []).map(stemmer);
}

async function readQuestions(): Promise<Question[]> {
  return JSON.parse(await readFile(new URL('../fixtures/questions.json', import.meta.url), 'utf8'));
}

describe.skipIf(gate('postgres').skip)('the throwaway PostgreSQL and its sample', () => {
  let server: PostgresServer;
  let sample: SampleDatabase;

  beforeAll(async () => {
    server = await startPostgres();
    sample = await loadSample(server);
  }, 120_000);
  afterAll(() => server?.stop());

  async function as(login: Login, statement: string): Promise<unknown[]> {
    const client = new Client({ connectionString: server.url(sample.database, login) });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  const scalar = async (expression: string) => (await server.sql(`SELECT (${expression}) AS value`, sample.database))[0]?.value;

  it('listens on the loopback address and wants a password', async () => {
    await expect(as(server.superuser, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    await expect(as({ username: 'postgres', password: 'wrong' }, 'SELECT 1')).rejects.toThrow(/password/);
  });

  it('holds at least 45 tables in four schemas, partitions not counted, most of them described', async () => {
    const from = `FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname IN ${BUSINESS} AND relkind IN ('r', 'p') AND NOT relispartition`;
    const tables = Number(await scalar(`SELECT count(*) ${from}`));
    expect(tables).toBeGreaterThanOrEqual(45);
    expect(await scalar(`SELECT count(DISTINCT nspname)::int ${from}`)).toBe(4);
    const described = Number(await scalar(`SELECT count(*) ${from} AND obj_description(c.oid, 'pg_class') IS NOT NULL`));
    expect(described / tables).toBeGreaterThan(0.55);
    expect(described / tables).toBeLessThan(0.75);
  });

  it('holds partitions, views, inheritance, names and comments that are hard to read', async () => {
    expect(await scalar(`SELECT count(*)::int FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')`)).toBe(12);
    expect(await scalar(`SELECT array_agg(partstrat::text ORDER BY partstrat) FROM pg_partitioned_table`)).toEqual([
      'l',
      'r',
      'r',
      'r',
      'r',
    ]);
    expect(await scalar(`SELECT count(*)::int FROM pg_matviews`)).toBe(1);
    expect(await scalar(`SELECT '"Odd ""Things""".__proto__'::regclass::text`)).toContain('__proto__');
    expect(await scalar(`SELECT count(*)::int FROM pg_class WHERE relname LIKE E'%\\n%' OR relname LIKE U&'%\\202E%'`)).toBe(2);
    expect(await scalar(`SELECT max(octet_length(relname::text)) FROM pg_class`)).toBe(63);
    expect(await scalar(`SELECT max(length(description)) FROM pg_description`)).toBe(5000);
    expect(await scalar(`SELECT reltuples::int FROM pg_class WHERE oid = 'sales.customer'::regclass`)).toBe(400);
  });

  it('lets the reader read and not write', async () => {
    await expect(as(sample.reader, 'SELECT count(*)::int AS n FROM sales.customer')).resolves.toEqual([{ n: 400 }]);
    const denied = /permission denied/;
    await expect(as(sample.reader, 'UPDATE sales.segment SET target_margin = 0')).rejects.toThrow(denied);
    await expect(as(sample.reader, 'CREATE TABLE public.mine (id integer)')).rejects.toThrow(denied);
    await expect(as(sample.reader, 'CREATE TEMPORARY TABLE mine (id integer)')).rejects.toThrow(denied);
    await expect(as(sample.writer, `INSERT INTO sales.segment VALUES ('NEW', 'New')`)).resolves.toEqual([]);
  });

  it('loads a second time on the same server without changing the logins', async () => {
    const second = await loadSample(server, 'second "sample"');
    expect(second.reader).toEqual(sample.reader);
    await expect(as(sample.reader, 'SELECT 1 AS one')).resolves.toHaveLength(1);
  });

  it('comes back on the same port after a restart', async () => {
    const before = server.pid;
    await server.restart();
    expect(server.pid).not.toBe(before);
    await expect(as(sample.reader, 'SELECT 1 AS one')).resolves.toHaveLength(1);
  });

  it('generates tables in any number', async () => {
    await loadGenerated(server, 'generated', 450);
    const [counted] = await server.sql(
      `SELECT count(*)::int AS tables, (SELECT count(*)::int FROM pg_constraint WHERE contype = 'f') AS keys,
        (SELECT count(*)::int FROM pg_description WHERE classoid = 'pg_class'::regclass AND description LIKE 'Generated table%') AS comments
        FROM pg_tables WHERE schemaname LIKE 'area%'`,
      'generated',
    );
    expect(counted).toEqual({ tables: 450, keys: 449, comments: 450 });
  });

  describe('the questions', () => {
    it('are twenty, half of them in the words of the schema', async () => {
      const questions = await readQuestions();
      expect(questions).toHaveLength(20);
      expect(questions.filter((question) => question.schemaWords)).toHaveLength(10);
    });

    it('name tables that exist, and share no stem with their names where they say so', async () => {
      for (const { question, tables, schemaWords } of await readQuestions()) {
        const asked = new Set(stems(question));
        const names: string[] = [];
        for (const table of tables) {
          const columns = await server.sql(
            `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0`,
            sample.database,
          );
          names.push(table, ...columns.map((column) => String(column.name)));
        }
        const shared = stems(names.join(' ')).filter((stem) => asked.has(stem));
        expect.soft(shared.length > 0, `${question} ${shared.join(' ')}`).toBe(schemaWords);
      }
    });
  });
});

describe.skipIf(gate('postgres').skip)('a throwaway PostgreSQL with TLS', () => {
  it('shows its certificate, keeps to its hba lines and cleans up', async () => {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority, { altNames: ['DNS:db.example'], notAfter: new Date('2020-01-02T03:04:05Z') });
    const server = await startPostgres({ ssl: { ...pair, ca: authority.cert }, hba: ['hostssl all all 127.0.0.1/32 scram-sha-256'] });
    try {
      const plain = new Client({ connectionString: server.url('postgres') });
      await expect(plain.connect()).rejects.toThrow(/no encryption/);
      const trusting = new Client({ connectionString: server.url('postgres'), ssl: { ca: authority.cert } });
      await expect(trusting.connect()).rejects.toThrow(/certificate has expired/);
      const careless = new Client({ connectionString: server.url('postgres'), ssl: { rejectUnauthorized: false } });
      await careless.connect();
      expect((await careless.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows).toEqual([{ ssl: true }]);
      await careless.end();
    } finally {
      await server.stop();
    }
    expect(existsSync(server.folder)).toBe(false);
    expect(() => process.kill(server.pid, 0)).toThrow(/ESRCH/);
    await server.stop();
  }, 60_000);
});
