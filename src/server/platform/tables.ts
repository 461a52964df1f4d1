import type { ColumnType, Generated } from 'kysely';

/**
 * The store's tables, the same on SQLite and PostgreSQL. Ids are text (UUIDv7), times ISO text, JSON is text parsed at the
 * store's edge, booleans are 0 or 1, bytes are bytes. The auth_* tables are better-auth's and are touched in identity/ alone.
 */
export interface Tables {
  organizations: { id: string; name: string; created_at: string };
  members: { id: string; organization_id: string; user_id: string; role: string; created_at: string };
  one_time_links: {
    id: string;
    organization_id: string;
    purpose: string;
    email: string;
    role: string | null;
    user_id: string | null;
    token_hash: string;
    created_by: string | null;
    created_at: string;
    expires_at: string;
    used_at: string | null;
  };
  api_keys: {
    id: string;
    organization_id: string;
    user_id: string;
    name: string;
    prefix: string;
    hash: string;
    scopes: string;
    created_at: string;
    expires_at: string;
    last_used_at: string | null;
  };
  /** Keys of the server itself (cookie, receipt, fingerprint, audit), each sealed by the vault. */
  system_keys: { purpose: string; sealed: Uint8Array; created_at: string };
  /** One row that says which master key seals this store, so that a wrong key is found at start. */
  vault_marks: { id: string; key_id: string; sealed: Uint8Array; created_at: string };

  db_connections: {
    id: string;
    organization_id: string;
    name: string;
    name_key: string;
    db_type: string;
    host: string | null;
    port: number | null;
    database: string | null;
    username: string | null;
    connection_mode: string;
    created_by_user_id: string;
    is_active: number;
    created_at: string;
    updated_at: string;
    address: string;
    purpose: string | null;
    description: string;
    environment: string;
    visibility: string;
    limits: string;
    server: string | null;
    server_identity: string | null;
    certificate: string | null;
    privileges: string | null;
    acknowledged: string;
    disabled_reason: string | null;
    health: string;
    health_since: string | null;
    /** The fault that the state of health comes from. */
    health_fault: string | null;
    /** When it is looked at next; null: not before a person changes or tests it. */
    next_probe_at: string | null;
    /** Looks in a row that failed. */
    probe_failures: Generated<number>;
    /** Another server than the registered one that answered, as JSON: nothing is asked of it before a person confirms it. */
    server_found: string | null;
    /** That the server rejected the stored credential, as JSON: by itself nobody tries it again. Null again with another one, or once it was taken. */
    rejected: string | null;
    /** A certificate in place of the recorded one, as JSON; before it the fingerprints that were seen. */
    certificate_change: string | null;
    snapshot: number | null;
    snapshot_at: string | null;
    table_count: number;
    column_count: number;
    next_ingestion_at: string | null;
    /** Raised by every change of the address or a credential. */
    version: number;
  };
  /** A row a slot. The sealed bytes hold the whole login; `v` is the version of the additional data. */
  db_credentials: {
    connection_id: string;
    slot: string;
    username: string;
    sealed: Uint8Array;
    v: number;
    created_by: string;
    created_at: string;
  };
  spent_receipts: { id: string; spent_at: string; expires_at: string };
  /** Append-only: who did what to which thing, when, with what outcome, each a link of a chain. The database refuses to change a row. */
  records: {
    id: string;
    chain: string;
    sequence: number;
    kind: string;
    /** Of `settled`: the id of its `begun`. */
    attempt: string | null;
    organization_id: string;
    at: string;
    actor_id: string | null;
    actor_name: string;
    via: string;
    action: string;
    subject: string;
    subject_id: string | null;
    outcome: string;
    detail: string;
    previous: string;
    hash: string;
  };
  /** The processes that write records: a chain each, when it was last heard of, and when it ended in order. No part of the evidence. */
  audit_chains: { id: string; opened_at: string; touched_at: string; ended_at: string | null };
  /** Attempts counted for the rate limits of the test, by a key that names person or destination. */
  attempts: { id: string; key: string; at: string };

  /** The outbox: written in the transaction of the change it tells of. */
  events: { id: string; name: string; payload: string; created_at: string; dispatched_at: string | null };
  /** Jobs of the embedded store (on PostgreSQL pg-boss has its own). */
  jobs: {
    id: string;
    queue: string;
    payload: string;
    state: string;
    attempts: number;
    run_after: string;
    lease_until: string | null;
    last_error: string | null;
    created_at: string;
    finished_at: string | null;
  };

  ingestion_runs: {
    id: string;
    connection_id: string;
    organization_id: string;
    cause: string;
    state: string;
    /** 1 while the run has not ended, else null: unique with the connection, so that there is one at a time. */
    open: number | null;
    phase: string;
    done: number;
    total: number | null;
    attempt: number;
    error: string | null;
    held: string | null;
    accepted: string | null;
    changes: string | null;
    snapshot: number | null;
    cancel_requested: number;
    /** Which taking of the job works on it; who finds another one here has been superseded and writes nothing more. */
    holder: string | null;
    /** When its holder was last heard of, or it was asked for. */
    touched_at: string;
    created_by: string | null;
    created_at: string;
    started_at: string | null;
    finished_at: string | null;
  };
  ingestion_logs: { id: string; run_id: string; at: string; phase: string; message: string };
  snapshots: {
    connection_id: string;
    number: number;
    run_id: string;
    taken_at: string;
    tables: number;
    columns: number;
    appeared: string;
    changed: string;
    vanished: string;
  };
  /** A version of a table, valid from snapshot `added_in` until before `removed_in` (null: still). */
  catalog_tables: {
    id: string;
    connection_id: string;
    schema_name: string;
    table_name: string;
    kind: string;
    comment: string | null;
    columns: number;
    readable: number;
    estimated_rows: number | null;
    document: string;
    hash: string;
    added_in: number;
    removed_in: number | null;
  };
  /** The tables that a table version refers to by foreign keys, so that a table finds who refers to it. */
  catalog_references: { table_id: string; connection_id: string; schema_name: string; table_name: string };
  /** What search reads of a table version: its words by field, as JSON, and beside them its vectors, once an embedder has made them. */
  passages: {
    table_id: string;
    connection_id: string;
    document: string;
    vector: Uint8Array | null;
    embedder: string | null;
    dimensions: number | null;
    /** Of the texts that the vectors are of: a table whose texts did not change takes them over. */
    text_hash: string | null;
  };
  /** By which embedder the tables of a connection have vectors, once all of them do; changed_at tells one making from the next. */
  vector_sets: { connection_id: string; embedder: string; dimensions: number; changed_at: string };

  auth_user: {
    id: string;
    name: string;
    email: string;
    emailVerified: ColumnType<number | boolean, number | boolean, number | boolean>;
    image: string | null;
    createdAt: string;
    updatedAt: string;
    /** Ours: when the person last signed in with their password. */
    lastSignInAt: string | null;
  };
  auth_session: {
    id: string;
    expiresAt: string;
    token: string;
    createdAt: string;
    updatedAt: string;
    ipAddress: string | null;
    userAgent: string | null;
    userId: string;
    organizationId: Generated<string | null>;
  };
  auth_account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    password: string | null;
    createdAt: string;
    updatedAt: string;
  };
}
