import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kind } from '../../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { engineOfKind, inside, type Place } from '../../../../tests/support/open-mysql.ts';
import { gate } from '../../../../tests/support/require.ts';
import type { Privileges } from '../../../contract/connections.ts';
import { covers, readGrants } from './grants.ts';

describe('what SHOW GRANTS prints', () => {
  it('is taken apart, and nothing of it kept that is secret', () => {
    const { grants, roles } = readGrants([
      "GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7'",
      'GRANT SELECT, INSERT (`a``b`, `c,d`), UPDATE (c) ON `shop`.`it``em ON x.y TO z` TO `a`@`%` WITH GRANT OPTION',
      'GRANT ALL PRIVILEGES ON `sh\\_op%`.* TO `a`@`%`',
      "GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
      'GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `a`@`%`',
      'GRANT `app_rw`@`%`,`odd``role`@`h` TO `a`@`%`',
      'GRANT `writer` TO `a`@`%` WITH ADMIN OPTION',
      'GRANT BACKUP_ADMIN,FILE ON *.* TO `a`@`%`',
      'SET DEFAULT ROLE `writer` FOR `a`@`%`',
      'GRANT ??? something that cannot be read',
    ]);
    expect(
      grants.map(({ scope, schema, table, rights }) => [
        scope,
        schema,
        table,
        rights.map(({ right, columns }) => [right, ...columns].join(' ')),
      ]),
    ).toEqual([
      ['everything', '*', '*', ['USAGE']],
      ['table', 'shop', 'it`em ON x.y TO z', ['SELECT', 'INSERT a`b c,d', 'UPDATE c']],
      ['schema', 'sh\\_op%', '*', ['ALL PRIVILEGES']],
      ['proxy', '', '', ['PROXY']],
      ['routine', 'shop', 'p', ['EXECUTE']],
      ['everything', '*', '*', ['BACKUP_ADMIN', 'FILE']],
      ['everything', '*', '*', ['UNKNOWN']],
    ]);
    expect(roles).toEqual(['`app_rw`@`%`', '`odd``role`@`h`', '`writer`']);
    expect(JSON.stringify(grants)).not.toContain('14E65567');
    expect([
      covers('sh\\_op%', 'sh_op1'),
      covers('sh\\_op%', 'shxop1'),
      covers('sh_p', 'shop'),
      covers('a.c', 'abc'),
      covers('%', 'x'),
    ]).toEqual([true, false, true, false, true]);
  });
});

describe.each<Kind>(['mysql', 'mariadb'])('what a login of %s could do', (kind) => {
  const { skip } = gate(kind);
  let server: MysqlServer;
  const engine = engineOfKind[kind];

  beforeAll(async () => {
    if (skip) return;
    server = await startMysql(kind);
    await server.sql('CREATE DATABASE shop; CREATE DATABASE other');
    await server.sql(
      `CREATE TABLE item (id int PRIMARY KEY, name varchar(20) DEFAULT (CONCAT('a', 'b'))); CREATE TABLE note (id int); INSERT INTO item (id) VALUES (1);
      CREATE PROCEDURE p() INSERT INTO note VALUES (1); CREATE VIEW seen AS SELECT * FROM item`,
      'shop',
    );
    const account = (name: string, ...grants: string[]) =>
      [`CREATE USER ${name}@'%' IDENTIFIED BY 'secret'`, ...grants.map((grant) => `GRANT ${grant} TO ${name}@'%'`)].join('; ');
    const statements = [
      account('reader', 'SELECT, SHOW VIEW ON shop.*'),
      account('partly', 'SELECT ON shop.item'),
      account('columns', 'SELECT ON shop.*', 'UPDATE (name) ON shop.item'),
      account('pattern', 'INSERT, SELECT ON `sh%`.*'),
      account('files', 'SELECT ON shop.*', 'FILE ON *.*'),
      account('everything', 'ALL ON *.*'),
      account('accounts', 'SELECT ON shop.*', 'INSERT ON mysql.*'),
      account('caller', 'SELECT ON shop.*', 'EXECUTE ON PROCEDURE shop.p'),
      account('elsewhere', 'SELECT ON shop.*', 'DELETE ON other.*'),
      account('watcher', 'SELECT ON shop.*', 'PROCESS ON *.*'),
      account('roled', 'SELECT ON shop.*'),
      account('giver', 'SELECT ON shop.* ').replace(/$/, ' WITH GRANT OPTION'),
      `CREATE ROLE inner_role; CREATE ROLE outer_role; GRANT DELETE ON shop.note TO inner_role; GRANT inner_role TO outer_role; GRANT outer_role TO roled@'%'`,
    ];
    for (const statement of statements) await server.sql(statement);
  }, 120_000);
  afterAll(() => server?.stop());

  const of = (username: string): Promise<Privileges> => {
    const place: Place = { kind, port: server.port, username, password: username === 'root' ? server.root.password : 'secret' };
    return inside(place, (session) => engine.privileges(session, { username }));
  };
  const told = async (username: string) => {
    const { grade, writable, excess } = await of(username);
    return [grade, writable, excess.map(({ what, cause, severe }) => `${severe ? '!' : ''}${what} (${cause})`)];
  };

  it.skipIf(skip).each([
    ['reader', 'read_only', 0, []],
    ['partly', 'read_only', 0, []],
    ['columns', 'writes', 1, ['UPDATE on table shop.item (columns name) (Granted to this login)']],
    ['pattern', 'writes', 3, ['INSERT on the database sh% (Granted to this login)']],
    ['files', 'severe', 0, ['!Read and write files of the database server (Granted to this login)']],
    ['accounts', 'severe', 0, ['!INSERT on the database mysql (Granted to this login)']],
    ['caller', 'writes', 0, ['Run stored programs, perhaps with the rights of their owners: routine shop.p (Granted to this login)']],
    ['elsewhere', 'writes', 0, ['DELETE on the database other (Granted to this login)']],
    ['watcher', 'writes', 0, ['See the statements of others (Granted to this login)']],
    ['giver', 'writes', 0, ['Hand its rights on the database shop on to others (Granted to this login)']],
  ])('%s: %s', async (username, grade, writable, excess) => {
    expect(await told(username)).toEqual([grade, writable, excess]);
  });

  it.skipIf(skip)('by a role that it can take on, and by a role of that role', async () => {
    const { grade, writable, excess, proof } = await of('roled');
    expect([grade, writable]).toEqual(['writes', 1]);
    expect(excess.map(({ what }) => what)).toEqual(['DELETE on table shop.note']);
    expect(excess[0]?.cause).toMatch(/role `?(inner|outer)_role`?.* \(SET ROLE\)/);
    // The role is not active: the session itself has no such right.
    expect(proof).toContainEqual(expect.stringMatching(/PREPARE of DELETE on shop\.note .*1142/));
  });

  it.skipIf(skip)('everything there is, as root', async () => {
    for (const username of ['everything', 'root']) {
      const { grade, summary, excess, writable, relations } = await of(username);
      expect([grade, writable]).toEqual(['severe', relations]);
      expect(summary).toMatch(/^Far more than reading/);
      expect(excess.length).toBeLessThanOrEqual(26);
    }
  });

  it.skipIf(skip)('is proved without a side effect, and no digest of a password is told', async () => {
    const before = await server.sql('SELECT COUNT(*) AS n FROM shop.item');
    const { proof, script } = await of('columns');
    expect(proof).toEqual([
      expect.stringMatching(/SHOW GRANTS/),
      expect.stringMatching(/PREPARE of UPDATE on shop\.item in a read-only transaction: a right to write is there.*1792/),
      expect.stringMatching(/PREPARE of DELETE on shop\.note in a read-only transaction: refused for want of the right \(errno 1142\)/),
    ]);
    expect(await server.sql('SELECT COUNT(*) AS n FROM shop.item')).toEqual(before);
    expect(JSON.stringify(await Promise.all(['reader', 'everything'].map(of)))).not.toMatch(/\*[0-9A-F]{40}|\$A\$|IDENTIFIED BY PASSWORD/);
    expect(existsSync(join(server.folder, 'loot'))).toBe(false);
    // The script does what it says.
    await server.sql(
      script
        .replace(/^--.*$/m, '')
        .replace('<choose a password>', 'secret')
        .replace(' REQUIRE SSL', ''),
    );
    expect(await of('portcullis_reader')).toMatchObject({ grade: 'read_only', readable: 3, relations: 3 });
  });

  it.skipIf(skip || kind === 'mysql')('by what everyone may do', async () => {
    await server.sql('GRANT INSERT ON shop.note TO PUBLIC');
    expect(await told('reader')).toEqual(['writes', 1, ['INSERT on table shop.note (Granted to PUBLIC)']]);
    const { proof } = await of('reader');
    expect(proof).toContainEqual(expect.stringMatching(/PREPARE of INSERT on shop\.note .*a right to write is there/));
    await server.sql('REVOKE INSERT ON shop.note FROM PUBLIC');
  });
});
