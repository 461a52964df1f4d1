import { describe, expect, it } from 'vitest';
import { withStandIn } from '../../../../tests/support/open-sqlserver.ts';
import { failed, type Plain, table } from '../../../../tests/support/tds-messages.ts';
import type { Asked } from '../../../../tests/support/tds-stand-in.ts';
import type { Privileges } from '../../../contract/connections.ts';
import { leastPrivilegeScript } from './privilege-script.ts';
import { sqlserver } from './sqlserver.ts';

type Rows = readonly (readonly Plain[])[];
/** What each query gives; a number: it fails with that. The rows are written from the documentation of the functions and views. */
interface Found {
  readonly rights?: Rows | number;
  readonly roles?: Rows;
  readonly relations?: Rows;
  readonly columns?: Rows | number;
  readonly grants?: Rows;
  readonly others?: Rows;
  readonly server?: Rows | number;
  readonly schemas?: Rows;
}

const reader: Rows = [
  ['dbo', 'crew', 1, 0, 0, 0, 0],
  ['dbo', 'ship', 0, 0, 0, 0, 0],
];
const told = (rows: Rows | number | undefined) =>
  typeof rows === 'number'
    ? failed(rows, 'permission was denied', 14)
    : table(
        Array.from({ length: rows?.[0]?.length ?? 1 }, (_, at) => `c${at}`),
        rows ?? [],
      );

async function privilegesOf(found: Found): Promise<Privileges> {
  const answer = ({ text }: Asked) => {
    if (text.includes('fn_my_permissions')) return told(found.rights);
    if (text.includes('IS_SRVROLEMEMBER')) return told(found.roles);
    if (text.includes("N'INSERT'), HAS_PERMS") || text.includes("N'OBJECT', N'ALTER'")) return told(found.relations ?? reader);
    if (text.includes('TOP (5000)')) return told(found.columns);
    if (text.includes('TAKE OWNERSHIP')) return told(found.grants);
    if (text.includes('sys.server_principals')) return told(found.server);
    if (text.includes("'procedure'")) return told(found.others);
    return text.includes('TOP (51)') ? told(found.schemas ?? [['dbo', 1]]) : undefined;
  };
  return withStandIn({ answer }, (session) => sqlserver.privileges(session, { username: 'reader' }));
}

describe('what a login could do', () => {
  it('is reading alone, and the summary says that its rights are the boundary', async () => {
    const privileges = await privilegesOf({
      rights: [
        ['DATABASE', 'CONNECT'],
        ['DATABASE', 'SELECT'],
      ],
    });
    expect(privileges).toMatchObject({ grade: 'read_only', relations: 2, readable: 1, writable: 0, excess: [] });
    expect(privileges.summary).toBe(
      'Cannot write. 1 of 2 tables readable. SQL Server has no read-only transaction: the rights of this login are the boundary.',
    );
    expect(privileges.proof.join('\n')).toContain('Nothing was tried');
    expect(privileges.script).toContain('GRANT SELECT ON SCHEMA::[dbo] TO [portcullis_reader];');
  });

  it('is told by table, right and grant', async () => {
    const privileges = await privilegesOf({
      relations: [
        ['app', 'log', 1, 1, 0, 0, 0],
        ['dbo', 'crew', 0, 0, 0, 0, 0],
        ['dbo', 'ship', 1, 1, 1, 1, 0],
      ],
      columns: [
        ['dbo', 'crew', 'UPDATE', 'name'],
        ['dbo', 'crew', 'SELECT', 'name'],
      ],
      grants: [
        ['SCHEMA', 'app', null, 'INSERT', 'app_rw'],
        ['OBJECT_OR_COLUMN', 'dbo', 'ship', 'UPDATE', 'public'],
      ],
      others: [
        ['procedure', '[dbo].[add_crew]'],
        ['sequence', '[dbo].[numbers]'],
      ],
    });
    expect(privileges).toMatchObject({ grade: 'writes', relations: 3, readable: 3, writable: 3 });
    expect(privileges.summary).toMatch(/^Can write 3 tables\. 3 tables readable\./);
    expect(privileges.excess).toEqual([
      { what: 'INSERT: app.log', cause: 'INSERT on the schema app, granted to app_rw', severe: false },
      { what: 'UPDATE of some columns: dbo.crew', cause: 'A role or a right of a wider kind', severe: false },
      { what: 'INSERT, UPDATE, DELETE: dbo.ship', cause: 'UPDATE on them, granted to public', severe: false },
      {
        what: 'Run procedures, which may write with the rights of their owners: [dbo].[add_crew]',
        cause: 'EXECUTE on them',
        severe: false,
      },
      { what: 'Move the sequences [dbo].[numbers]', cause: 'UPDATE on them', severe: false },
    ]);
  });

  it.each<[string, Found, string, string]>([
    ['db_owner', { roles: [['DATABASE', 'db_owner']] }, 'writes', 'Everything in this database'],
    ['dbo', { roles: [['USER', 'dbo']] }, 'writes', 'Everything in this database'],
    ['files', { rights: [['SERVER', 'ADMINISTER BULK OPERATIONS']] }, 'severe', 'Read files of the database server'],
    ['bulkadmin', { roles: [['SERVER', 'bulkadmin']] }, 'severe', 'Read files of the database server'],
    ['backup', { roles: [['DATABASE', 'db_backupoperator']] }, 'severe', 'Copy the whole database to a file of the server'],
    ['programs', { server: [['program', 'xp_cmdshell']] }, 'severe', 'Run programs on the database server: xp_cmdshell'],
    ['a login to act as', { server: [['login', 'sa']] }, 'severe', 'Act as the logins sa'],
    ['linked servers', { server: [['linked', 'OTHER']] }, 'writes', 'Reach other servers, past a rollback here: OTHER'],
  ])('is graded by %s', async (_, found, grade, what) => {
    const privileges = await privilegesOf(found);
    expect(privileges).toMatchObject({ grade, excess: [expect.objectContaining({ what, severe: grade === 'severe' })] });
  });

  it('is everything for sysadmin, told in one line', async () => {
    const privileges = await privilegesOf({
      roles: [
        ['SERVER', 'sysadmin'],
        ['USER', 'dbo'],
      ],
      rights: [
        ['SERVER', 'CONTROL SERVER'],
        ['SERVER', 'SHUTDOWN'],
        ['DATABASE', 'CONTROL'],
      ],
      relations: [['dbo', 'crew', 1, 1, 1, 1, 1]],
    });
    expect(privileges.grade).toBe('severe');
    expect(privileges.summary).toMatch(/^Administrator: could change everything on the server/);
    expect(privileges.excess.map(({ cause }) => cause)).toEqual(['It is a member of sysadmin', 'CONTROL SERVER on the server']);
  });

  it('is told as far as the server answers', async () => {
    const privileges = await privilegesOf({ rights: 208, columns: 229, server: 208 });
    expect(privileges.grade).toBe('read_only');
    expect(privileges.proof[0]).toContain('not answered');
  });
});

it('writes a script that can be pasted', () => {
  const script = leastPrivilegeScript('my]db', ['a]b', 'hidden\u202e'], 60);
  expect(script).toContain('USE [my]]db];');
  expect(script).toContain('GRANT SELECT ON SCHEMA::[a]]b] TO');
  expect(script).not.toContain('\u202e');
  expect(script).toContain('59 more schemas are left out');
});
