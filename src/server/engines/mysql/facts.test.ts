import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kind } from '../../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { engineOfKind, inside, open, type Place } from '../../../../tests/support/open-mysql.ts';
import { gate } from '../../../../tests/support/require.ts';
import { Fault } from '../../platform/fault.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { enumValues } from './enum-values.ts';
import { within } from './literal.ts';
import { shapeText } from './shapes.ts';

describe('what types and shapes are made of', () => {
  it.each([
    ["enum('a','b')", ['a', 'b']],
    ["set('it''s','a,b)','')", ["it's", 'a,b)', '']],
    ['varchar(20)', null],
    ['int(11)', null],
  ])('%s', (type, values) => {
    expect(enumValues(type)).toEqual(values);
  });
  it('shapes are text, with their system of reference, and never an error', () => {
    const point = Buffer.from('00000000010100000000000000000014400000000000004a40', 'hex');
    expect(shapeText(point)).toBe('POINT(5 52)');
    expect(shapeText(Buffer.concat([Buffer.from([0xe6, 0x10, 0, 0]), point.subarray(4)]))).toBe('SRID=4326;POINT(5 52)');
    for (const bytes of [
      point.subarray(0, 9),
      Buffer.alloc(3),
      Buffer.concat([point, Buffer.from([1])]),
      Buffer.from('0000000001020000 00ffffffff'.replace(' ', ''), 'hex'),
    ])
      expect(shapeText(bytes)).toBe(`\\x${bytes.toString('hex')}`);
  });
});

describe.each<Kind>(['mysql', 'mariadb'])('the catalogue of %s', (kind) => {
  const { skip } = gate(kind);
  let server: MysqlServer;
  let place: Place;
  const engine = engineOfKind[kind];
  const never = new AbortController().signal;

  beforeAll(async () => {
    if (skip) return;
    server = await startMysql(kind);
    await server.sql('CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE DATABASE other; CREATE TABLE other.hidden (a int)');
    await server.sql(
      `CREATE TABLE customer (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL DEFAULT 'it''s', tier enum('gold', 'it''s') DEFAULT 'gold', tags set('a', 'b'),
        since timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, score int DEFAULT 7, notes text, flag bit(1) DEFAULT b'1', maybe varchar(4) DEFAULT NULL, quoted varchar(9) DEFAULT 'NULL',
        twice int GENERATED ALWAYS AS (score * 2) VIRTUAL, UNIQUE KEY by_name (name), KEY by_notes (notes(10)), FULLTEXT KEY words (notes)) COMMENT 'Who buys; ünï';
      CREATE TABLE orders (customer bigint unsigned NOT NULL, at date NOT NULL, PRIMARY KEY (at, customer), CONSTRAINT buys FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE RESTRICT);
      CREATE TABLE parted (a int NOT NULL, b int) PARTITION BY RANGE (a) (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN MAXVALUE);
      CREATE TABLE closed (a int);
      CREATE TABLE partly (open int, closed int);
      CREATE TABLE \`Case\` (a int); CREATE TABLE \`case\` (b int);
      CREATE VIEW buyers AS SELECT c.name FROM customer c JOIN orders o ON o.customer = c.id`,
      'shop',
    );
    if (kind === 'mysql') await server.sql('CREATE INDEX lowered ON customer ((lower(name)))', 'shop');
    const tables = ['customer', 'orders', 'parted', '`Case`', '`case`'].map((name) => `GRANT SELECT ON shop.${name} TO reader@'%'`);
    await server.sql(
      [
        `CREATE USER reader@'%' IDENTIFIED BY 'secret'; CREATE USER all_of@'%' IDENTIFIED BY 'secret'; GRANT SELECT, SHOW VIEW ON shop.* TO all_of@'%'`,
        ...tables,
      ].join('; '),
    );
    await server.sql(
      "GRANT SELECT (open) ON shop.partly TO reader@'%'; GRANT INSERT ON shop.closed TO reader@'%'; GRANT SELECT, SHOW VIEW ON shop.buyers TO reader@'%'",
    );
    place = { kind, port: server.port };
  }, 120_000);
  afterAll(() => server?.stop());

  const read = (username: string): Promise<Fact[]> =>
    inside({ ...place, username }, async (session) => {
      const facts: Fact[] = [];
      const phases: FactBatch['phase'][] = [];
      for await (const batch of engine.facts(session, never)) {
        facts.push(...batch.facts);
        if (phases.at(-1) !== batch.phase) phases.push(batch.phase);
      }
      expect(phases).toEqual(['tables', 'columns', 'keys', 'comments']);
      return facts;
    });
  const tablesOf = (facts: readonly Fact[]) =>
    facts.flatMap((fact) => (fact.fact === 'table' ? [[fact.name, fact.kind, fact.readable]] : []));
  const columnsOf = (facts: readonly Fact[], table: string) =>
    facts.flatMap((fact) => (fact.fact === 'column' && fact.table === table ? [fact.column] : []));

  it.skipIf(skip)('names every table of the one database that the login has a right on', async () => {
    const facts = await read('reader');
    expect(tablesOf(facts)).toEqual([
      ['Case', 'table', true],
      ['buyers', 'view', true],
      ['case', 'table', true],
      ['closed', 'table', false],
      ['customer', 'table', true],
      ['orders', 'table', true],
      ['parted', 'partitioned_table', true],
      ['partly', 'table', true],
    ]);
    expect(new Set(facts.flatMap((fact) => (fact.fact === 'table' ? [fact.schema] : [])))).toEqual(new Set(['shop']));
    expect(columnsOf(facts, 'partly').map(({ name, readable }) => [name, readable])).toEqual(
      kind === 'mysql' ? [['open', true]] : [['open', true]],
    );
    expect(facts.flatMap((fact) => (fact.fact === 'partition' ? [fact.name] : []))).toEqual(['low', 'high']);
    expect(facts.find((fact) => fact.fact === 'table' && fact.name === 'parted')).toMatchObject({ partitionedBy: 'RANGE (`a`)' });
    await inside(place, async (session) => {
      expect(await engine.catalog(session)).toBe('8 tables, 7 of them readable');
      expect(await engine.holds(session, ['orders', 'customer'])).toBe(true);
      expect(await engine.holds(session, ['orders', 'hidden'])).toBe(false);
    });
  });

  it.skipIf(skip)('has each column as it is', async () => {
    const columns = columnsOf(await read('all_of'), 'customer');
    const int = kind === 'mysql' ? 'int' : 'int(11)';
    const now = kind === 'mysql' ? 'CURRENT_TIMESTAMP' : 'current_timestamp()';
    expect(
      columns.map(({ name, type, nullable, default: initial, identity, generated, enumValues: values }) => [
        name,
        type,
        nullable,
        initial,
        identity,
        generated,
        values,
      ]),
    ).toEqual([
      ['id', kind === 'mysql' ? 'bigint unsigned' : 'bigint(20) unsigned', false, null, true, false, null],
      ['name', 'varchar(50)', false, kind === 'mysql' ? "'it\\'s'" : "'it''s'", false, false, null],
      ['tier', "enum('gold','it''s')", true, "'gold'", false, false, ['gold', "it's"]],
      ['tags', "set('a','b')", true, null, false, false, ['a', 'b']],
      ['since', 'timestamp', false, now, false, false, null],
      ['score', int, true, '7', false, false, null],
      ['notes', 'text', true, null, false, false, null],
      ['flag', 'bit(1)', true, "b'1'", false, false, null],
      ['maybe', 'varchar(4)', true, null, false, false, null],
      ['quoted', 'varchar(9)', true, "'NULL'", false, false, null],
      ['twice', int, true, kind === 'mysql' ? '(`score` * 2)' : '`score` * 2', false, true, null],
    ]);
  });

  it.skipIf(skip)('has keys, indexes and comments, and what views read', async () => {
    const facts = await read('all_of');
    const of = <K extends Fact['fact']>(kindOf: K, table: string) =>
      facts.filter((fact): fact is Extract<Fact, { fact: K }> => fact.fact === kindOf && fact.table === table);
    expect(of('key', 'orders').map(({ key }) => key)).toEqual([{ name: 'PRIMARY', kind: 'primary', columns: ['at', 'customer'] }]);
    expect(of('key', 'customer').map(({ key }) => [key.name, key.kind])).toEqual([
      ['PRIMARY', 'primary'],
      ['by_name', 'unique'],
    ]);
    expect(of('foreign_key', 'orders').map(({ key }) => key)).toEqual([
      {
        name: 'buys',
        columns: ['customer'],
        schema: 'shop',
        table: 'customer',
        referencedColumns: ['id'],
        onDelete: 'restrict',
        validated: true,
      },
    ]);
    const definitions = of('index', 'customer').map(({ index }) => index.definition);
    expect(definitions).toEqual([
      'CREATE UNIQUE INDEX `PRIMARY` ON `customer` (`id`) USING BTREE',
      'CREATE UNIQUE INDEX `by_name` ON `customer` (`name`) USING BTREE',
      'CREATE INDEX `by_notes` ON `customer` (`notes`(10)) USING BTREE',
      ...(kind === 'mysql' ? ['CREATE INDEX `lowered` ON `customer` ((lower(`name`))) USING BTREE'] : []),
      'CREATE FULLTEXT INDEX `words` ON `customer` (`notes`)',
    ]);
    expect(of('comment', 'customer').map(({ column, text }) => [column, text])).toEqual([[null, 'Who buys; ünï']]);
    expect(of('dependency', 'buyers').map(({ name }) => name)).toEqual(kind === 'mysql' ? ['customer', 'orders'] : []);
    expect(of('comment', 'buyers')).toEqual([]);
  });

  it.skipIf(skip)('keeps tables apart whose names differ in their letters alone', async () => {
    const facts = await read('reader');
    expect([columnsOf(facts, 'Case').map(({ name }) => name), columnsOf(facts, 'case').map(({ name }) => name)]).toEqual([['a'], ['b']]);
  });

  it.skipIf(skip)(
    'is read in bulk, whatever there is of it',
    async () => {
      const many = 600;
      const script = Array.from(
        { length: many },
        (_, at) =>
          `CREATE TABLE many.t${at} (id int PRIMARY KEY, a varchar(20) COMMENT 'c${at}', b int, KEY by_b (b)) ENGINE=${kind === 'mysql' ? 'InnoDB' : 'Aria'}`,
      );
      await server.sql("CREATE DATABASE many; GRANT SELECT ON many.* TO all_of@'%'");
      for (let at = 0; at < many; at += 100) await server.sql(script.slice(at, at + 100).join(';'));
      const session = await open({ ...place, username: 'all_of', database: 'many' });
      const counts: Record<string, number> = {};
      for await (const batch of engine.facts(session, never)) {
        expect(batch.facts.length).toBeLessThanOrEqual(1001);
        for (const { fact } of batch.facts) counts[fact] = (counts[fact] ?? 0) + 1;
        // Whoever reads may be slower than the server.
        if (batch.phase === 'columns') await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(counts).toEqual({ table: many, column: 3 * many, key: many, index: 2 * many, comment: many });
      for await (const batch of engine.facts(session, never)) if (batch.phase === 'columns' && batch.facts.length > 0) break;
      expect(await engine.catalog(session)).toBe(`${many} tables, ${many} of them readable`);
      await session.close();
    },
    120_000,
  );

  it.skipIf(skip || kind === 'mysql')('is nowhere gone through once for each row of it, nor those of other databases', async () => {
    await inside({ ...place, username: 'all_of' }, async (session) => {
      for (const [name, sql] of Object.entries(session.flavour.catalog)) {
        if (sql === null || name === 'holds') continue;
        const plan = JSON.stringify(await session.run(`EXPLAIN ${within(sql, 'shop')}`));
        expect([name, /join buffer|Scanned all/i.exec(plan)?.[0]]).toEqual([name, undefined]);
      }
    });
  });

  it.skipIf(skip)('stops at once when it is no longer wanted', async () => {
    const cancel = new AbortController();
    const session = await open({ ...place, username: 'all_of' });
    const reading = (async () => {
      for await (const batch of engine.facts(session, cancel.signal))
        if (batch.phase === 'columns') cancel.abort(new Fault('run.cancelled'));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'run.cancelled' });
    await session.close();
  });
});
