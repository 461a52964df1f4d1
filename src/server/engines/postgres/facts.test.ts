import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inside, open, type Place } from '../../../../tests/support/open-postgres.ts';
import { type PostgresServer, startPostgres } from '../../../../tests/support/postgres.ts';
import { gate } from '../../../../tests/support/require.ts';
import { loadSample, type SampleDatabase } from '../../../../tests/support/sample-database.ts';
import { Fault } from '../../platform/fault.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { postgres } from './postgres.ts';
import type { PostgresSession } from './session.ts';

type Of<K extends Fact['fact']> = Extract<Fact, { fact: K }>;
const never = new AbortController().signal;

async function gather(session: PostgresSession): Promise<FactBatch[]> {
  const batches: FactBatch[] = [];
  for await (const batch of postgres.facts(session, never)) batches.push(batch);
  return batches;
}

describe.skipIf(gate('postgres').skip)('the facts of a catalogue', () => {
  let server: PostgresServer;
  let sample: SampleDatabase;
  let place: Place;
  let batches: FactBatch[];

  const all = <K extends Fact['fact']>(kind: K): Of<K>[] =>
    batches.flatMap((batch) => batch.facts).filter((fact): fact is Of<K> => fact.fact === kind);
  /** All that is known of a table, without its id. */
  function document(schema: string, name: string) {
    const table = all('table').find((fact) => fact.schema === schema && fact.name === name);
    if (!table) throw new Error(`no ${schema}.${name}`);
    const mine = <F extends { table: string }>(facts: F[]) => facts.filter((fact) => fact.table === table.table);
    return {
      kind: table.kind,
      estimatedRows: table.estimatedRows,
      readable: table.readable,
      partitionedBy: table.partitionedBy,
      partitions: mine(all('partition')).map((fact) => fact.name),
      dependsOn: mine(all('dependency')).map((fact) => `${fact.schema}.${fact.name}`),
      columns: mine(all('column')).map((fact) => fact.column),
      keys: mine(all('key')).map((fact) => fact.key),
      foreignKeys: mine(all('foreign_key')).map((fact) => fact.key),
      indexes: mine(all('index')).map((fact) => fact.index),
      comments: mine(all('comment')).map((fact) => [fact.column, fact.text]),
    };
  }
  const column = (name: string, position: number, type: string, more: object = {}) => ({
    name,
    position,
    type,
    nullable: false,
    default: null,
    identity: false,
    generated: false,
    enumValues: null,
    readable: true,
    ...more,
  });

  beforeAll(async () => {
    server = await startPostgres();
    sample = await loadSample(server);
    place = { port: server.port, database: sample.database, ...sample.reader };
    batches = await inside(place, gather);
  }, 120_000);
  afterAll(() => server?.stop());

  it('come in phases, each once, whole', async () => {
    expect([...new Set(batches.map((batch) => batch.phase))]).toEqual(['tables', 'columns', 'keys', 'comments']);
    const count = async (sql: string) => Number((await server.sql(`SELECT count(*) AS n FROM ${sql}`, sample.database))[0]?.n);
    const mine = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname !~ '^pg_buffercache'";
    const from = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
    expect(all('table')).toHaveLength(await count(`${from} WHERE c.relkind IN ('r','p','v','m','f') AND NOT c.relispartition AND ${mine}`));
    expect(all('column')).toHaveLength(
      await count(
        `${from} JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r','p','v','m','f') AND NOT c.relispartition AND ${mine}`,
      ),
    );
    expect(all('partition')).toHaveLength(await count(`${from} WHERE c.relispartition AND c.relkind IN ('r','p')`));
    expect(await inside(place, (session) => postgres.catalog(session))).toBe(
      `${all('table').length} tables in 5 schemas, ${all('table').length} of them readable`,
    );
  });

  it('a table with a domain, an identity, keys and expression indexes', () => {
    expect(document('sales', 'customer')).toEqual({
      kind: 'table',
      estimatedRows: 400,
      readable: true,
      partitionedBy: null,
      partitions: [],
      dependsOn: [],
      columns: [
        column('customer_id', 1, 'bigint', { identity: true }),
        column('customer_no', 2, 'character varying(12)'),
        column('legal_name', 3, 'text'),
        column('email', 4, 'sales.email_address (text)', { nullable: true }),
        column('segment_code', 5, 'character varying(10)', { nullable: true }),
        column('account_manager_id', 6, 'integer', { nullable: true }),
        column('credit_limit', 7, 'finance.amount (numeric(12,2))', { default: '5000' }),
        column('tags', 8, 'text[]', { default: 'ARRAY[]::text[]' }),
        column('attributes', 9, 'jsonb', { default: "'{}'::jsonb" }),
        column('last_login_ip', 10, 'inet', { nullable: true }),
        column('created_at', 11, 'timestamp with time zone', { default: 'now()' }),
        column('deleted_at', 12, 'timestamp with time zone', { nullable: true }),
      ],
      keys: [
        { name: 'customer_customer_no_key', kind: 'unique', columns: ['customer_no'] },
        { name: 'customer_pkey', kind: 'primary', columns: ['customer_id'] },
      ],
      foreignKeys: [
        {
          name: 'customer_account_manager_id_fkey',
          columns: ['account_manager_id'],
          schema: 'hr',
          table: 'employee',
          referencedColumns: ['employee_id'],
          onDelete: 'no action',
          validated: true,
        },
        {
          name: 'customer_segment_code_fkey',
          columns: ['segment_code'],
          schema: 'sales',
          table: 'segment',
          referencedColumns: ['segment_code'],
          onDelete: 'no action',
          validated: true,
        },
      ],
      indexes: [
        {
          name: 'customer_attributes_idx',
          unique: false,
          valid: true,
          definition: 'CREATE INDEX customer_attributes_idx ON sales.customer USING gin (attributes)',
        },
        {
          name: 'customer_customer_no_key',
          unique: true,
          valid: true,
          definition: 'CREATE UNIQUE INDEX customer_customer_no_key ON sales.customer USING btree (customer_no)',
        },
        {
          name: 'customer_email_key',
          unique: true,
          valid: true,
          definition: expect.stringMatching(/^CREATE UNIQUE INDEX customer_email_key .*WHERE \(deleted_at IS NULL\)$/),
        },
        {
          name: 'customer_pkey',
          unique: true,
          valid: true,
          definition: 'CREATE UNIQUE INDEX customer_pkey ON sales.customer USING btree (customer_id)',
        },
      ],
      comments: [
        [null, 'Companies and persons that buy from us, or did.'],
        ['credit_limit', 'Orders above this sum wait for approval by accounting.'],
      ],
    });
  });

  it('a partitioned table with its partitions, an enumeration and keys of two columns', () => {
    const order = document('sales', 'sales_order');
    expect(order).toMatchObject({
      kind: 'partitioned_table',
      partitionedBy: 'RANGE (ordered_on)',
      estimatedRows: 900,
      partitions: ['sales_order_2023', 'sales_order_2024', 'sales_order_2025', 'sales_order_later'],
      keys: [{ kind: 'primary', columns: ['order_id', 'ordered_on'] }],
    });
    expect(order.columns.find((one) => one.name === 'status')?.enumValues).toEqual([
      'draft',
      'confirmed',
      'picked',
      'shipped',
      'delivered',
      'cancelled',
    ]);
    expect(order.foreignKeys.map((key) => [key.name, key.columns, key.table, key.referencedColumns])).toContainEqual([
      'sales_order_address_fk',
      ['customer_id', 'shipping_address_no'],
      'customer_address',
      ['customer_id', 'address_no'],
    ]);
    expect(document('sales', 'web_event').partitions).toEqual(['web_event_app', 'web_event_app_h1', 'web_event_app_h2', 'web_event_shop']);
    expect(document('sales', 'sales_order_line').columns.find((one) => one.name === 'net_amount')).toMatchObject({
      generated: true,
      default: expect.stringContaining('round('),
    });
    expect(all('table').some((fact) => fact.name === 'sales_order_2023' || fact.name === 'pg_buffercache')).toBe(false);
  });

  it('views, foreign tables and what they are', () => {
    expect(document('finance', 'open_item_total')).toMatchObject({
      kind: 'view',
      dependsOn: ['finance.open_item'],
      estimatedRows: null,
      indexes: [],
    });
    expect(document('sales', 'monthly_revenue')).toMatchObject({
      kind: 'materialized_view',
      dependsOn: ['sales.product', 'sales.sales_order_line'],
      indexes: [{ unique: true }],
    });
    expect(document('logistics', 'partner_stock')).toMatchObject({ kind: 'foreign_table', estimatedRows: null });
    expect(document('hr', 'absence').foreignKeys.map((key) => key.onDelete)).toContain('cascade');
  });

  it('names and comments as they are, however evil', async () => {
    const odd = 'Odd "Things"';
    expect(document(odd, 'has "quotes" and \'apostrophes\'').columns.map((one) => one.name)).toEqual(['a "b" c', "it's"]);
    expect(document(odd, '__proto__').columns.map((one) => one.name)).toEqual(['id', 'constructor', '__proto__', 'prototype']);
    expect(document(odd, 'line\nbreak\ttab').columns.map((one) => one.name)).toEqual(['col\numn']);
    expect(document(odd, 'no columns').columns).toEqual([]);
    expect(document(odd, 'dropped columns').columns.map((one) => [one.name, one.position])).toEqual([
      ['a', 1],
      ['d', 4],
    ]);
    expect(document(odd, 'constructor').foreignKeys[0]).toMatchObject({ schema: odd, table: '__proto__' });
    const texts = await server.sql(
      "SELECT obj_description(c.oid, 'pg_class') AS text FROM pg_class c WHERE obj_description(c.oid, 'pg_class') IS NOT NULL AND relkind IN ('r','p','v','m','f')",
      sample.database,
    );
    expect(
      all('comment')
        .filter((fact) => fact.column === null)
        .map((fact) => fact.text)
        .sort(),
    ).toEqual(
      texts
        .map((one) => String(one.text).slice(0, 2000))
        .filter((text) => !/buffercache/.test(text))
        .sort(),
    );
    for (const { schema, name } of all('table')) {
      const [found] = await server.sql(
        `SELECT to_regclass('${`${postgres.grammar.quote(schema)}.${postgres.grammar.quote(name)}`.replaceAll("'", "''")}') AS oid`,
        sample.database,
      );
      expect(found?.oid).not.toBeNull();
    }
  });

  it('enumerations through domains and arrays, estimates that are not there, columns that may not be read', async () => {
    await server.createDatabase('edges');
    await server.sql(
      `CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"'); CREATE DOMAIN feeling AS mood NOT NULL; CREATE DOMAIN deep AS feeling; CREATE DOMAIN short AS varchar(3);
       CREATE TABLE t (a mood[], b feeling, c deep, d deep[], e short, f numeric(5,1)[], secret text); CREATE TABLE parent (k int) PARTITION BY HASH ((k + 1)); CREATE TABLE closed (id int);
       CREATE TABLE child PARTITION OF parent FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
      'edges',
    );
    await server.sql(
      `CREATE ROLE edgy LOGIN PASSWORD 'x'; GRANT CONNECT ON DATABASE edges TO edgy; GRANT SELECT (a, b, c, d, e, f) ON t TO edgy; GRANT SELECT ON parent TO edgy`,
      'edges',
    );
    batches = await inside({ port: server.port, database: 'edges', username: 'edgy', password: 'x' }, gather);
    const labels = ['sad', 'it\'s "ok"'];
    expect(document('public', 't')).toMatchObject({ readable: true, estimatedRows: null });
    expect(document('public', 't').columns.map((one) => [one.type, one.nullable, one.enumValues, one.readable])).toEqual([
      ['public.mood[]', true, labels, true],
      ['public.feeling (public.mood)', false, labels, true],
      ['public.deep (public.mood)', false, labels, true],
      ['public.deep[]', true, labels, true],
      ['public.short (character varying(3))', true, null, true],
      ['numeric(5,1)[]', true, null, true],
      ['text', true, null, false],
    ]);
    expect(document('public', 'parent')).toMatchObject({
      partitionedBy: 'HASH (((k + 1)))',
      partitions: ['child'],
      estimatedRows: null,
      readable: true,
    });
    expect(document('public', 'closed')).toMatchObject({ readable: false });
    expect(document('public', 'closed').columns[0]).toMatchObject({ readable: false });
  });

  it('stop at once when they are no longer wanted, and when nobody goes on reading', async () => {
    const cancel = new AbortController();
    const session = await open(place);
    const reading = (async () => {
      for await (const batch of postgres.facts(session, cancel.signal))
        if (batch.phase === 'columns') cancel.abort(new Fault('run.cancelled'));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'run.cancelled' });
    await session.close();
    await inside(place, async (other) => {
      for await (const batch of postgres.facts(other, never)) if (batch.phase === 'keys') break;
      expect(await postgres.catalog(other)).toMatch(/tables in 5 schemas/);
    });
  });
});
