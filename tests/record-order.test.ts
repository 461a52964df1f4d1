import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Audit, openAudit } from '../src/server/audit/audit.ts';
import { requestRun } from '../src/server/catalog/catalog.ts';
import { createConnections } from '../src/server/connections/connections.ts';
import { newId } from '../src/server/platform/clock.ts';
import { createLog } from '../src/server/platform/log.ts';
import { Secret } from '../src/server/platform/secret.ts';
import { openVault } from '../src/server/vault/vault.ts';
import { auditKey } from './support/audit-key.ts';
import { actorOf, insertConnection } from './support/catalog.ts';
import { admitTarget, dial, noFiles } from './support/open-postgres.ts';
import { gate } from './support/require.ts';
import { type StoreHouse, storeHouse, type TestStore } from './support/stores.ts';

describe.skipIf(gate('postgres').skip)('what is recorded on a store with row locks', () => {
  let house: StoreHouse;
  let on: TestStore;
  let audit: Audit;
  beforeAll(async () => {
    house = await storeHouse('server');
    on = await house.open();
    audit = await openAudit({ store: on.store, log: createLog('silent'), key: auditKey() });
  }, 60_000);
  afterAll(() => house?.close());

  /** How many wait for a lock of another transaction. */
  async function waiting(): Promise<number> {
    const text = 'select pid from pg_locks where not granted';
    const query = { kind: 'RawNode', sqlFragments: [text], parameters: [] } as const;
    return (await on.store.db.executeQuery({ sql: text, parameters: [], query, queryId: { queryId: '' } })).rows.length;
  }

  it('comes last: enabling a connection and asking for its reading at the same time both end', async () => {
    const { id, organizationId } = await insertConnection(on.store);
    const actor = actorOf(organizationId);
    const masterKey = new Secret(randomBytes(32).toString('base64'));
    const place = { masterKey, masterKeyFile: null, databaseUrl: null, dataDir: on.folder };
    const connections = createConnections({
      store: on.store,
      vault: await openVault({ config: place, store: on.store, embedded: false }),
      dial,
      admitTarget,
      log: createLog('silent'),
      probeMs: 0,
      filesOf: () => noFiles,
      record: audit.record,
      requestRun,
      poke: () => {},
      people: async () => new Map(),
      ownIdentity: null,
    });
    await connections.disable(actor, id, 'for a moment');
    // The other one has its run already, and comes to its record while the enabling waits for that run.
    let enabling: Promise<unknown> = Promise.resolve();
    await on.store.db.transaction().execute(async (trx) => {
      await requestRun(trx, { connectionId: id, organizationId, cause: 'asked', createdBy: actor.userId });
      enabling = connections.enable(actor, id);
      enabling.catch(() => {});
      await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 30_000, interval: 20 });
      const by = { id: actor.userId, name: actor.name, via: actor.via };
      await audit.record(trx, {
        organizationId,
        actor: by,
        action: 'ingestion.requested',
        subject: 'connection',
        subjectId: id,
        outcome: 'done',
        detail: { run: newId() },
      });
    });
    expect(await enabling).toMatchObject({ isActive: true });
    await connections.close();
  });
});
