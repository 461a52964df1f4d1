import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type OperationId } from '../src/contract/api.ts';
import { pathOf } from '../src/contract/client.ts';
import type { Role } from '../src/contract/permissions.ts';
import type { Route } from '../src/contract/route.ts';
import { newId } from '../src/server/platform/clock.ts';
import { bodies, found } from './support/access-bodies.ts';
import { addConnection, addMember, addOrganization, becomeAdmin, peopleRows } from './support/access-rows.ts';
import { startApp, type TestApp, type TestPerson } from './support/app.ts';

/*
 * Who may what, for every route × role × own / visible / private / another organisation's. The expectations are written out here on
 * purpose, not derived from contract/permissions.ts: that is what is under test.
 */
type Answer = 'ok' | 401 | 403 | 404;
type Relation = 'own' | 'visible' | 'private' | 'foreign';
const anyone = { admin: 'ok', manager: 'ok', user: 'ok' } as const;
const managers = { admin: 'ok', manager: 'ok', user: 403 } as const;
// A key belongs to one organisation: only a browser's sign-in can work in another.
const noKey = { admin: 403, manager: 403, user: 403 } as const;
const admins = { admin: 'ok', manager: 403, user: 403 } as const;

const withoutConnection: Partial<Record<OperationId, Readonly<Record<Role, Answer>>>> = {
  getMe: anyone,
  switchOrganization: noKey,
  listApiKeys: anyone,
  createApiKey: anyone,
  listMembers: managers,
  inviteMember: admins,
  getOrganization: anyone,
  editOrganization: admins,
  getVault: admins,
  rotateVault: admins,
  listEngines: anyone,
  getTruthTable: anyone,
  testDbConnection: managers,
  createDbConnection: managers,
  addSampleConnection: managers,
  listDbConnections: anyone,
  searchEverywhere: anyone,
  listAuditEntries: admins,
  getAuditEntry: admins,
  exportAudit: admins,
  verifyAudit: admins,
};
// Members and keys: the caller's own, another person's of the organisation, and another organisation's.
type Whose = 'own' | 'others' | 'foreign';
const beyond = { admin: 404, manager: 404, user: 404 } as const;
const onMembers = { others: admins, foreign: { admin: 404, manager: 403, user: 403 } } as const;
const ofPeople: Partial<Record<OperationId, Partial<Record<Whose, Readonly<Record<Role, Answer>>>>>> = {
  revokeApiKey: { own: anyone, others: { admin: 'ok', manager: 404, user: 404 }, foreign: beyond },
  changeMemberRole: onMembers,
  removeMember: onMembers,
  createPasswordLink: onMembers,
};
const read: Record<Relation, Record<Role, Answer>> = {
  own: anyone,
  visible: anyone,
  private: { admin: 'ok', manager: 404, user: 404 },
  foreign: { admin: 404, manager: 404, user: 404 },
};
const manage: Record<Relation, Record<Role, Answer>> = {
  own: managers,
  visible: admins,
  private: { admin: 'ok', manager: 404, user: 404 },
  foreign: { admin: 404, manager: 404, user: 404 },
};
const ofConnection: Partial<Record<OperationId, typeof read>> = {
  getDbConnection: read,
  listIngestions: read,
  getIngestion: read,
  watchIngestion: read,
  listTables: read,
  getTable: read,
  listChanges: read,
  search: read,
  runQuery: read,
  checkQuery: read,
  editDbConnection: manage,
  testStoredDbConnection: manage,
  confirmServer: manage,
  putCredential: manage,
  deleteCredential: manage,
  disableDbConnection: manage,
  enableDbConnection: manage,
  deleteDbConnection: manage,
  startIngestion: manage,
  cancelIngestion: manage,
  acceptIngestion: manage,
};
const open: readonly OperationId[] = [
  'getHealth',
  'getReadiness',
  'getOpenApi',
  'getSetup',
  'setup',
  'acceptInvitation',
  'acceptPasswordLink',
];

let app: TestApp;
const people = {} as Record<Role, TestPerson & { id: string }>;
let stranger: { organizationId: string; userId: string };

beforeAll(async () => {
  app = await startApp();
  for (const role of ['admin', 'manager', 'user'] as const) {
    const person = await app.join(role);
    people[role] = { ...person, id: (await person.client.getMe()).user.id };
  }
  stranger = await addOrganization(app);
});
afterAll(() => app?.stop());

async function ask(
  id: OperationId,
  key: string | null,
  params: Record<string, string>,
  may: Partial<typeof found> = found,
): Promise<Answer> {
  const route: Route = api[id];
  // One route is about a kind of database, not about a row.
  const ofKind = id === 'getTruthTable' ? { id: 'postgresql' } : {};
  const body = bodies[id] ?? (id === 'switchOrganization' ? { organizationId: newId() } : undefined);
  const response = await fetch(
    app.url + pathOf(route, { params: { schema: 's', table: 't', slot: 'read_only', runId: newId(), ...params, ...ofKind } }),
    {
      method: route.method,
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    },
  );
  const json = /json$/.test(response.headers.get('content-type')?.split(';')[0] ?? '');
  const { code = '' } = json ? ((await response.json()) as { code?: string }) : {};
  if (response.status === 401) return 401;
  if (code === 'caller.forbidden') return 403;
  if (code === 'connection.unknown' || code === 'member.unknown' || code === 'key.unknown') return 404;
  // Allowed: done, or stopped by what the deed itself then found. Any other answer would hide who may.
  if (!response.ok) expect([id, code]).toEqual([id, may[id]]);
  return 'ok';
}

test('every route is in exactly one of the tables', () => {
  const covered = [withoutConnection, ofPeople, ofConnection]
    .flatMap((table) => Object.keys(table))
    .concat(open)
    .sort();
  expect(covered).toEqual(Object.keys(api).sort());
});

describe('without a credential', () => {
  test.each([withoutConnection, ofPeople, ofConnection].flatMap((table) => Object.keys(table)) as OperationId[])(
    '%s is refused',
    async (id) => {
      expect(await ask(id, null, { id: newId() })).toBe(401);
      expect(await ask(id, 'pc_AAAAAAAA_notakey', { id: newId() })).toBe(401);
    },
  );
});

describe('without a connection', () => {
  test.each(Object.entries(withoutConnection) as [OperationId, Record<Role, Answer>][])('%s', async (id, expected) => {
    const given = {} as Record<Role, Answer>;
    for (const role of ['admin', 'manager', 'user'] as const) given[role] = await ask(id, people[role].apiKey, { id: newId() });
    expect(given).toEqual(expected);
  });
});

describe('of people', () => {
  const organizationOf = async () => (await app.admin.client.getMe()).organization.id;
  test.each(Object.entries(ofPeople) as [OperationId, (typeof ofPeople)[OperationId] & object][])('%s', async (id, expected) => {
    const given: typeof expected = {};
    for (const whose of Object.keys(expected) as Whose[]) {
      const answers = {} as Record<Role, Answer>;
      for (const role of ['admin', 'manager', 'user'] as const) {
        const organizationId = whose === 'foreign' ? stranger.organizationId : await organizationOf();
        const subject = await addMember(app, organizationId, whose === 'own' ? people[role].id : undefined);
        const before = await peopleRows(app, subject);
        answers[role] = await ask(id, people[role].apiKey, { id: id === 'revokeApiKey' ? subject.keyId : subject.memberId });
        // Refused is refused: nothing was done behind the answer. And what is allowed was done.
        const same = JSON.stringify(await peopleRows(app, subject)) === JSON.stringify(before);
        expect([id, whose, role, same]).toEqual([id, whose, role, answers[role] !== 'ok']);
      }
      given[whose] = answers;
    }
    expect(given).toEqual(expected);
  });
  test('lists show the organisation’s own, and keys of others to Admins alone', async () => {
    const foreign = await addMember(app, stranger.organizationId);
    const other = await addMember(app, await organizationOf());
    const query = { limit: 500 };
    const keys = async (role: Role) => (await people[role].client.listApiKeys({ query })).items.map((key) => key.id);
    const members = async (role: Role) => (await people[role].client.listMembers({ query })).items.map((member) => member.id);
    for (const role of ['admin', 'manager', 'user'] as const) {
      expect([role, (await keys(role)).includes(other.keyId)]).toEqual([role, role === 'admin']);
      expect(await keys(role)).not.toContain(foreign.keyId);
    }
    for (const role of ['admin', 'manager'] as const) {
      expect(await members(role)).toContain(other.memberId);
      expect(await members(role)).not.toContain(foreign.memberId);
    }
  });
});

describe('of a connection', () => {
  const relations: Record<
    Relation,
    (role: Role) => { organizationId?: string; createdBy: string; visibility: 'private' | 'organization' }
  > = {
    own: (role) => ({ createdBy: people[role].id, visibility: 'private' }),
    visible: () => ({ createdBy: newId(), visibility: 'organization' }),
    private: () => ({ createdBy: newId(), visibility: 'private' }),
    foreign: () => ({ organizationId: stranger.organizationId, createdBy: stranger.userId, visibility: 'organization' }),
  };
  test.each(Object.entries(ofConnection) as [OperationId, typeof read][])('%s', async (id, expected) => {
    const given = {} as Record<Relation, Record<Role, Answer>>;
    for (const relation of ['own', 'visible', 'private', 'foreign'] as const) {
      given[relation] = {} as Record<Role, Answer>;
      for (const role of ['admin', 'manager', 'user'] as const) {
        const connectionId = await addConnection(app, relations[relation](role));
        given[relation][role] = await ask(id, people[role].apiKey, { id: connectionId });
      }
    }
    expect(given).toEqual(expected);
  });
  test.each(['putCredential', 'deleteCredential'] as const)('%s of the slots tunnel and write', async (id) => {
    for (const slot of ['tunnel', 'write']) {
      const given = {} as Record<Relation, Record<Role, Answer>>;
      for (const relation of ['own', 'visible', 'private', 'foreign'] as const) {
        given[relation] = {} as Record<Role, Answer>;
        for (const role of ['admin', 'manager', 'user'] as const) {
          const connectionId = await addConnection(app, relations[relation](role));
          // There is no SSH server in its address, so that whoever may learns that.
          given[relation][role] = await ask(id, people[role].apiKey, { id: connectionId, slot }, { [id]: 'slot.unavailable' });
        }
      }
      expect([slot, given]).toEqual([slot, manage]);
    }
  });
  test('a list shows what may be seen and nothing of another organisation', async () => {
    const others = newId();
    const [seen, hidden, foreign] = [
      await addConnection(app, { createdBy: others, visibility: 'organization' }),
      await addConnection(app, { createdBy: others, visibility: 'private' }),
      await addConnection(app, { organizationId: stranger.organizationId, createdBy: others, visibility: 'organization' }),
    ];
    const listed = async (role: Role) =>
      (await people[role].client.listDbConnections({ query: { limit: 500 } })).items.map((item) => item.id);
    expect(await listed('user')).toContain(seen);
    expect(await listed('user')).not.toContain(hidden);
    expect(await listed('admin')).toContain(hidden);
    expect(await listed('admin')).not.toContain(foreign);
  });
});

describe('the server, which several organisations share', () => {
  // A person who is User of the first organisation and Admin of the second, which says that it is the older one.
  const elsewhere = async (): Promise<{ cookie: string; apiKey: string }> => {
    const person = await app.join('user');
    const { user } = await person.client.getMe();
    await becomeAdmin(app, stranger.organizationId, user.id);
    const cookie = await app.signIn(person.email, person.password);
    const browser = app.client({ cookie, origin: app.url });
    await browser.switchOrganization({ body: { organizationId: stranger.organizationId } });
    return { cookie, apiKey: (await browser.createApiKey({ body: { name: 'k', scopes: ['admin'] } })).key };
  };
  test.each(['rotateVault', 'verifyAudit'] as const)('%s is for Admins of the organisation that set it up', async (id) => {
    const { cookie, apiKey } = await elsewhere();
    const before = await people.admin.client.getVault();
    expect(await ask(id, apiKey, {})).toBe(403);
    const browser = app.client({ cookie, origin: app.url });
    const about = { code: 'caller.forbidden', problem: { detail: expect.stringContaining('the organisation that set it up') } };
    await expect(browser[id]()).rejects.toMatchObject(about);
    expect(await people.admin.client.getVault()).toEqual(before);
    const { role, permissions } = await browser.getMe();
    expect(role).toBe('admin');
    for (const permission of ['vault:manage', 'audit:verify']) {
      expect(permissions).not.toContain(permission);
      expect((await people.admin.client.getMe()).permissions).toContain(permission);
    }
    // What is their own they may: their record goes out, and verifies without the server.
    expect(await ask('exportAudit', apiKey, {})).toBe('ok');
    expect(await ask('getVault', apiKey, {})).toBe('ok');
  });
});

describe('keys', () => {
  test('a key does only what its scopes say', async () => {
    const narrow = await app.join('admin', ['schema:read']);
    const connectionId = await addConnection(app, { createdBy: newId(), visibility: 'organization' });
    expect(await ask('getDbConnection', narrow.apiKey, { id: connectionId })).toBe('ok');
    for (const id of ['editDbConnection', 'listMembers', 'createDbConnection', 'createApiKey', 'getVault'] as const) {
      expect([id, await ask(id, narrow.apiKey, { id: connectionId })]).toEqual([id, 403]);
    }
  });
});
