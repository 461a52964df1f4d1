import type { AppServices } from './app-services.ts';
import type { Handlers } from './mount.ts';
import { openApi } from './openapi.ts';
import { needsToken, setupTerms } from './setup-terms.ts';

/** Binds each operation to its use case: (actor, input) in, what the contract lists out. */
export function createHandlers(services: AppServices): Handlers {
  const { connections, identity, catalog, retrieval, query, audit } = services;
  return {
    getHealth: async () => ({ status: 'alive' }),
    getReadiness: () => services.readiness(),
    getOpenApi: async () => openApi(services.version) as Record<string, never>,

    getSetup: async ({ context }) => ({ done: await identity.isSetUp(), tokenRequired: needsToken(services, context) }),
    setup: ({ input, context }) => identity.setup(input.body, setupTerms(services, context)),
    getMe: ({ actor }) => identity.getMe(actor),
    switchOrganization: ({ actor, input }) => identity.switchOrganization(actor, input.body),
    listApiKeys: ({ actor, input }) => identity.listApiKeys(actor, input.query),
    createApiKey: ({ actor, input }) => identity.createApiKey(actor, input.body),
    revokeApiKey: ({ actor, input }) => identity.revokeApiKey(actor, input.params),
    listMembers: ({ actor, input }) => identity.listMembers(actor, input.query),
    changeMemberRole: ({ actor, input }) => identity.changeMemberRole(actor, { ...input.params, ...input.body }),
    removeMember: ({ actor, input }) => identity.removeMember(actor, input.params),
    inviteMember: ({ actor, input }) => identity.inviteMember(actor, input.body),
    acceptInvitation: ({ input }) => identity.acceptInvitation(input.body),
    createPasswordLink: ({ actor, input }) => identity.createPasswordLink(actor, input.params),
    acceptPasswordLink: ({ input }) => identity.acceptPasswordLink(input.body),
    getOrganization: ({ actor }) => identity.getOrganization(actor),
    editOrganization: ({ actor, input }) => identity.editOrganization(actor, input.body),
    getVault: ({ actor }) => services.vaultStatus(actor),
    rotateVault: ({ actor }) => services.rotateVault(actor),

    listEngines: async () => ({ items: [...services.engines] }),
    getTruthTable: async ({ input }) => services.truthTable(input.params.id),
    testDbConnection: ({ actor, input, signal, emit }) => connections.test(actor, input.body, { signal, emit }),
    createDbConnection: ({ actor, input, signal }) => connections.register(actor, input.body, signal),
    addSampleConnection: ({ actor, signal }) => connections.addSample(actor, signal),
    listDbConnections: ({ actor, input }) => connections.list(actor, input.query),
    getDbConnection: ({ actor, input }) => connections.get(actor, input.params.id),
    editDbConnection: ({ actor, input, signal, emit }) => connections.edit(actor, input.params.id, input.body, { signal, emit }),
    deleteDbConnection: ({ actor, input }) => connections.remove(actor, input.params.id, input.body.confirmName),
    testStoredDbConnection: ({ actor, input, signal, emit }) => connections.testStored(actor, input.params.id, { signal, emit }),
    confirmServer: ({ actor, input, signal, emit }) =>
      connections.confirmServer(actor, input.params.id, input.body.reason, { signal, emit }),
    putCredential: ({ actor, input, signal, emit }) =>
      connections.replaceCredential(actor, input.params.id, input.params.slot, input.body, { signal, emit }),
    deleteCredential: ({ actor, input }) => connections.deleteCredential(actor, input.params.id, input.params.slot),
    disableDbConnection: ({ actor, input }) => connections.disable(actor, input.params.id, input.body.reason),
    enableDbConnection: ({ actor, input }) => connections.enable(actor, input.params.id),

    startIngestion: ({ actor, input }) => catalog.startIngestion(actor, input.params),
    listIngestions: ({ actor, input }) => catalog.listIngestions(actor, { ...input.params, ...input.query }),
    getIngestion: ({ actor, input }) => catalog.getIngestion(actor, input.params),
    watchIngestion: async ({ actor, input, signal, emit, context }) => {
      let last = await catalog.getIngestion(actor, input.params);
      const callerNow = () => identity.authenticate(context.req.raw.headers);
      for await (const run of catalog.watchIngestion(actor, { ...input.params, signal, callerNow })) {
        last = run;
        emit(run);
      }
      return last;
    },
    cancelIngestion: ({ actor, input }) => catalog.cancelIngestion(actor, input.params),
    acceptIngestion: ({ actor, input }) => catalog.acceptIngestion(actor, input.params),
    listTables: ({ actor, input }) => catalog.listTables(actor, { ...input.params, ...input.query }),
    getTable: ({ actor, input }) => catalog.getTable(actor, input.params),
    listChanges: ({ actor, input }) => catalog.listChanges(actor, { ...input.params, ...input.query }),

    runQuery: ({ actor, input, signal, sent }) => query.run(actor, { ...input.params, ...input.body }, { signal, sent }),
    checkQuery: ({ actor, input, signal }) => query.check(actor, { ...input.params, ...input.body }, signal),
    listAuditEntries: ({ actor, input }) => audit.list(actor, input.query),
    getAuditEntry: ({ actor, input }) => audit.get(actor, input.params),
    exportAudit: ({ actor }) => audit.export(actor),
    verifyAudit: ({ input }) => audit.verify(input.query),

    search: ({ actor, input }) => retrieval.search(actor, { ...input.params, ...input.body }),
    searchEverywhere: ({ actor, input }) => retrieval.searchEverywhere(actor, input.body),
  };
}
