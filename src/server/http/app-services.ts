import type { EngineDescription, EngineId, TruthTable } from '../../contract/engines.ts';
import type { VaultRotation, VaultStatus } from '../../contract/identity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Connections } from '../connections/connections.ts';
import type { Identity } from '../identity/identity.ts';
import type { Actor } from '../platform/actor.ts';
import type { Secret } from '../platform/secret.ts';
import type { Query } from '../query/query.ts';
import type { Retrieval } from '../retrieval/retrieval.ts';

/** What the handlers hand on to; the composition root puts it together. */
export interface AppServices {
  readonly version: string;
  readonly engines: readonly EngineDescription[];
  readonly truthTable: (engine: EngineId) => TruthTable;
  readonly identity: Identity;
  readonly connections: Connections;
  readonly catalog: Catalog;
  readonly retrieval: Retrieval;
  readonly query: Query;
  readonly audit: Pick<Audit, 'list' | 'get' | 'verify' | 'export'>;
  readonly rotateVault: (actor: Actor) => Promise<VaultRotation>;
  readonly vaultStatus: (actor: Actor) => Promise<VaultStatus>;
  /** Throws store.unavailable or server.draining, naming what does not answer. */
  readonly readiness: () => Promise<{ status: 'ready'; store: boolean; jobs: boolean; vault: boolean }>;
  /** The token that setup asks of callers that are not on loopback. */
  readonly setupToken: Secret;
  /** Whether we listen on loopback and are not published under a base URL. */
  readonly local: boolean;
}
