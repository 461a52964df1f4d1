import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type OperationId } from '../src/contract/api.ts';
import { pathOf } from '../src/contract/client.ts';
import type { Role } from '../src/contract/permissions.ts';
import type { Route } from '../src/contract/route.ts';
import { newId } from '../src/server/platform/clock.ts';
import { addConnection, addOrganization } from './support/access-rows.ts';
import { startApp, type TestApp, type TestPerson } from './support/app.ts';

/*
 * Who may what, for every route × role × own / visible / private / another organisation's. The expectations are written out here on
 * purpose, not derived from contract/permissions.ts: that is what is under test.
 */
type Answer = 'ok' | 401 | 403 | 404;
type Relation = 'own' | 'visible' | 'private' | 'foreign';
const anyone = { admin: 'ok', manager: 'ok', user: 'ok' } as const;
const managers = { admin: 'ok', manager: 'ok', user: 403 } as const;
const admins = { admin: 'ok', manager: 403, user: 403 } as const;
// A key belongs to one organisation: only a browser's sign-in can work in another.
const noKey = { admin: 403, manager: 403, user: 403 } as const;

const withoutConnection: Partial<Record<OperationId, Readonly<Record<Role, Answer>>>> = {
  getMe: anyone,
  switchOrganization: noKey,
  listApiKeys: anyone,
  createApiKey: anyone,
  revokeApiKey: anyone,
  listMembers: managers,
  changeMemberRole: admins,
  removeMember: admins,
  inviteMember: admins,
  createPasswordLink: admins,
  getOrganization: anyone,
  editOrganization: admins,
  getVault: admins,
  rotateVault: admins,
  listEngines: anyone,
  testDbConnection: managers,
  createDbConnection: managers,
  addSampleConnection: managers,
  listDbConnections: anyone,
  searchEverywhere: anyone,
  listAuditEntries: admins,
  exportAudit: admins,
  verifyAudit: admins,
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

const bodies: Partial<Record<OperationId, unknown>> = {
  createApiKey: { name: 'k', scopes: ['schema:read'] },
  changeMemberRole: { role: 'user' },
  inviteMember: { email: 'new@example.com', role: 'user' },
  editOrganization: { name: 'Example' },
  testDbConnection: {
    dbType: 'postgresql',
    address: { host: '127.0.0.1', port: 1, database: 'x', tls: { mode: 'verify-full' }, ssh: null },
    credentials: { readOnly: { username: 'u', password: 'p' } },
  },
  createDbConnection: {
    name: 'x',
    dbType: 'postgresql',
    address: { host: '127.0.0.1', port: 1, database: 'x', tls: { mode: 'verify-full' }, ssh: null },
    credentials: { readOnly: { username: 'u', password: 'p' } },
  },
  searchEverywhere: { question: 'orders' },
  search: { question: 'orders' },
  runQuery: { sql: 'select 1' },
  checkQuery: { sql: 'select 1' },
  editDbConnection: { description: 'd' },
  putCredential: { username: 'u', password: 'p' },
  disableDbConnection: { reason: 'because' },
  deleteDbConnection: { confirmName: 'not its name' },
};

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

async function ask(id: OperationId, key: string | null, params: Record<string, string>): Promise<Answer> {
  const route: Route = api[id];
  const body = bodies[id] ?? (id === 'switchOrganization' ? { organizationId: newId() } : undefined);
  const response = await fetch(
    app.url + pathOf(route, { params: { ...params, schema: 's', table: 't', slot: 'read_only', runId: newId() } }),
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
  if (code === 'connection.unknown') return 404;
  // Allowed, whatever the deed itself then found (an unknown run, a refused port). A body of the wrong shape would hide the answer.
  expect([id, code]).not.toEqual([id, 'request.invalid']);
  expect([id, code]).not.toEqual([id, 'internal.failed']);
  return 'ok';
}

test('every route is in exactly one of the tables', () => {
  const covered = [...Object.keys(withoutConnection), ...Object.keys(ofConnection), ...open].sort();
  expect(covered).toEqual(Object.keys(api).sort());
});

describe('without a credential', () => {
  test.each([...Object.keys(withoutConnection), ...Object.keys(ofConnection)] as OperationId[])('%s is refused', async (id) => {
    expect(await ask(id, null, { id: newId() })).toBe(401);
    expect(await ask(id, 'pc_AAAAAAAA_notakey', { id: newId() })).toBe(401);
  });
});

describe('without a connection', () => {
  test.each(Object.entries(withoutConnection) as [OperationId, Record<Role, Answer>][])('%s', async (id, expected) => {
    const found = {} as Record<Role, Answer>;
    for (const role of ['admin', 'manager', 'user'] as const) found[role] = await ask(id, people[role].apiKey, { id: newId() });
    expect(found).toEqual(expected);
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
    const found = {} as Record<Relation, Record<Role, Answer>>;
    for (const relation of ['own', 'visible', 'private', 'foreign'] as const) {
      found[relation] = {} as Record<Role, Answer>;
      for (const role of ['admin', 'manager', 'user'] as const) {
        const connectionId = await addConnection(app, relations[relation](role));
        found[relation][role] = await ask(id, people[role].apiKey, { id: connectionId });
      }
    }
    expect(found).toEqual(expected);
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
