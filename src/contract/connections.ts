import { z } from 'zod';
import { EngineId } from './engines.ts';
import { faultCodes } from './faults.ts';
import { Limits, LimitsInput } from './limits.ts';
import { Id, PageQuery, Time } from './paging.ts';
import { plainLine, plainLineWanted, plainText, plainTextWanted } from './shown-text.ts';

/** The stages of a connection test, in their order. */
export const stageNames = [
  'parse',
  'dns',
  'network',
  'tcp',
  'tunnel',
  'tls',
  'auth',
  'database',
  'version',
  'read',
  'privilege',
  'catalog',
] as const;
export const StageName = z.enum(stageNames);
export type StageName = z.infer<typeof StageName>;

export const StageFault = z.object({
  code: z.enum(faultCodes),
  field: z.string().nullable().describe('The form field to mend, as a path such as address.host'),
  happened: z.string(),
  tryThis: z.array(z.string()),
  technical: z.string().describe('Driver code or SQLSTATE and scrubbed facts, for whoever runs the database'),
});
export type StageFault = z.infer<typeof StageFault>;

export const StageResult = z.object({
  stage: StageName,
  status: z.enum(['passed', 'failed', 'warning', 'skipped']),
  ms: z.number().describe('Milliseconds this stage took'),
  evidence: z.string().nullable(),
  fault: StageFault.nullable(),
});
export type StageResult = z.infer<typeof StageResult>;

/** The certificate a server showed, for a person to compare. */
export const Certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  validFrom: Time,
  validTo: Time,
  sha256: z.string(),
});
export type Certificate = z.infer<typeof Certificate>;

export const ServerFacts = z.object({
  product: z.string(),
  version: z.string(),
  dialect: z.string(),
  identity: z.string().nullable().describe('What tells this server and database from any other; null where the server will not say'),
  replica: z.boolean(),
  encryption: z.string().nullable().describe('Protocol and cipher as the server itself reports them; null: not encrypted'),
});
export type ServerFacts = z.infer<typeof ServerFacts>;

/** One way in which a credential can do more than read. */
export const Excess = z.object({
  what: z.string().describe('What it could do, in plain words'),
  cause: z.string().describe('The grant, role or attribute that allows it'),
  severe: z.boolean().describe('Superuser, server files or programs: needs an Admin before agents may use it'),
});
export type Excess = z.infer<typeof Excess>;

export const Privileges = z.object({
  grade: z.enum(['read_only', 'writes', 'severe']),
  summary: z.string().describe('One line: "Cannot write. 42 tables readable."'),
  readable: z.int(),
  relations: z.int(),
  writable: z.int(),
  excess: z.array(Excess),
  proof: z.array(z.string()).describe('How it was proved, statement by statement, without side effects'),
  script: z.string().describe('SQL that makes a least-privilege login, to copy'),
});
export type Privileges = z.infer<typeof Privileges>;

const password = z.string().min(1, 'enter a password').max(4096);
/** Control characters in it could speak another protocol to whatever listens where no database does; others hide who it is. */
const Username = z.string().min(1, 'enter a username').max(256).regex(plainLine, plainLineWanted);
const privateKey = z.string().min(1, 'paste the private key').max(65_536);
const clientKey = privateKey.optional().describe('PEM, not encrypted: the private key of address.tls.clientCertificate');
/** A login of a slot, as it comes in. Never returned. `password` may be missing where a client key alone gets in. */
export const Login = z.strictObject({ username: Username, password: password.optional(), clientKey });
/** How to get into the SSH server of address.ssh. Never returned. */
export const TunnelLogin = z.union([
  z.strictObject({ password }),
  z.strictObject({ privateKey, passphrase: z.string().min(1).max(4096).optional() }),
]);
export type TunnelLogin = z.infer<typeof TunnelLogin>;
/** `tunnel` comes with address.ssh; `write` must be null in this version. */
export const Credentials = z.strictObject({ readOnly: Login.optional(), tunnel: TunnelLogin.nullish(), write: z.json().nullish() });
export type Credentials = z.infer<typeof Credentials>;

export const Purpose = z.enum(['analytics', 'operational', 'read_only_ai']);
export const Visibility = z.enum(['private', 'organization']);
export const Environment = z.enum(['production', 'staging', 'development', 'test', 'other']);
export const Mode = z.enum(['guided', 'connection_string']);
const reason = z.string().trim().max(500).regex(plainText, plainTextWanted);
export const Acknowledgement = z.strictObject({
  code: z.enum(['tls.disabled', 'privilege.excess']),
  reason: reason.min(3, 'give a reason'),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** Alias of a connection: shown, unique in the organisation, no control characters. */
export const ConnectionName = z
  .string()
  .trim()
  .min(1, 'give it an alias')
  .max(120)
  .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'must not hold control characters');
/** Where the database is, in clear: the shape is the engine's, see GET /api/engines. */
export const Address = z.record(z.string(), z.json());
export type Address = z.infer<typeof Address>;

const description = z.string().max(4000).regex(plainText, plainTextWanted);
const about = {
  name: ConnectionName,
  purpose: Purpose.nullable().default(null),
  description: description.default(''),
  environment: Environment.default('other'),
  visibility: Visibility.default('private'),
};
const target = {
  dbType: EngineId,
  mode: Mode.default('guided'),
  address: Address.optional(),
  connectionString: z.string().min(1).max(8192).optional(),
  credentials: Credentials.optional(),
  acknowledge: z.array(Acknowledgement).max(5).default([]),
};
/** Body of a test. What it is called may be missing: it is not part of what is tested. */
export const TestInput = z.strictObject({
  ...target,
  name: ConnectionName.optional(),
  purpose: about.purpose,
  description: about.description,
  environment: about.environment,
  visibility: about.visibility,
});
export type TestInput = z.infer<typeof TestInput>;
export const RegisterInput = z.strictObject({
  ...target,
  ...about,
  limits: LimitsInput.optional(),
  receipt: z.string().max(65_536).optional(),
});
export type RegisterInput = z.infer<typeof RegisterInput>;
export const EditInput = z.strictObject({
  name: ConnectionName.optional(),
  purpose: Purpose.nullable().optional(),
  description: description.optional(),
  environment: Environment.optional(),
  visibility: Visibility.optional(),
  limits: LimitsInput.optional(),
  address: Address.optional(),
  credentials: Credentials.optional(),
  acknowledge: z.array(Acknowledgement).max(5).default([]),
});
export type EditInput = z.infer<typeof EditInput>;

/** The public key that an SSH server showed, for a person to compare. */
export const HostKey = z.object({ type: z.string(), sha256: z.string().describe('As ssh-keygen -l prints it') });
export type HostKey = z.infer<typeof HostKey>;

export const TestResult = z.object({
  ok: z.boolean(),
  stages: z.array(StageResult),
  server: ServerFacts.nullable(),
  certificate: Certificate.nullable(),
  hostKey: HostKey.nullable().describe('Of the SSH server of the tunnel, where one was reached'),
  privileges: Privileges.nullable(),
  sameDatabaseAs: z.array(z.string()).describe('Aliases the caller may see that reach the same database'),
  receipt: z.string().optional().describe('Proof of this test for registering within 10 minutes; single use'),
});
export type TestResult = z.infer<typeof TestResult>;

export const RunPhase = z.enum(['queued', 'connect', 'tables', 'columns', 'keys', 'comments', 'diff', 'embed', 'ready']);
export type RunPhase = z.infer<typeof RunPhase>;
export const RunState = z.enum(['queued', 'running', 'held', 'succeeded', 'failed', 'cancelled']);
export type RunState = z.infer<typeof RunState>;
export const RunError = z.object({ code: z.enum(faultCodes), message: z.string(), hint: z.string().nullable() });

export const IngestionRun = z.object({
  id: Id,
  connectionId: Id,
  cause: z.enum(['registered', 'asked', 'scheduled', 'edited', 'enabled']),
  state: RunState,
  phase: RunPhase,
  done: z.int(),
  total: z.int().nullable(),
  attempt: z.int(),
  error: RunError.nullable(),
  held: z.object({ before: z.int(), after: z.int(), vanished: z.array(z.string()) }).nullable(),
  changes: z.object({ appeared: z.int(), changed: z.int(), vanished: z.int() }).nullable(),
  snapshot: z.int().nullable(),
  createdAt: Time,
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
  log: z.array(z.object({ at: Time, phase: RunPhase, message: z.string() })),
});
export type IngestionRun = z.infer<typeof IngestionRun>;

export const ConnectionStatus = z.enum(['ingesting', 'embedding', 'ready', 'failed', 'disabled']);
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

/**
 * Whether the database answers, and since when. degraded: slowly, or only when asked again. changed: what answers is not what was confirmed.
 * `fault`: what it comes from.
 */
export const Health = z.object({
  state: z.enum(['unknown', 'healthy', 'degraded', 'authentication_failed', 'unreachable', 'changed']),
  since: Time.nullable(),
  fault: z.enum(faultCodes).nullable(),
});
export type Health = z.infer<typeof Health>;

/** Something found by itself that a person should look at; a passed test of what is stored settles it. */
export const Alert = z.object({ code: z.enum(faultCodes), since: Time, text: z.string() });
export type Alert = z.infer<typeof Alert>;

/** A connection as anyone sees it: no secret, ever. */
export const Connection = z.object({
  id: Id,
  name: z.string(),
  dbType: EngineId,
  mode: Mode,
  address: Address,
  usernames: z.object({ readOnly: z.string().nullable(), write: z.string().nullable(), tunnel: z.string().nullable() }),
  purpose: Purpose.nullable(),
  description: z.string(),
  environment: Environment,
  visibility: Visibility,
  limits: Limits,
  server: ServerFacts.nullable(),
  certificate: Certificate.nullable(),
  privileges: Privileges.nullable(),
  acknowledged: z.array(z.object({ code: z.string(), reason: z.string(), by: z.string(), at: Time })),
  isActive: z.boolean(),
  disabledReason: z.string().nullable(),
  status: ConnectionStatus,
  ingestion: z
    .object({
      runId: Id,
      state: RunState,
      phase: RunPhase,
      done: z.int(),
      total: z.int().nullable(),
      error: RunError.nullable(),
      held: z.object({ before: z.int(), after: z.int(), vanished: z.array(z.string()) }).nullable(),
      startedAt: Time.nullable(),
    })
    .nullable(),
  tables: z.int(),
  columns: z.int(),
  lastReadAt: Time.nullable(),
  health: Health,
  alerts: z.array(Alert).describe('What a person should look at: another server, certificate or SSH key than the known one'),
  mayManage: z.boolean().describe('Whether the caller may edit, disable, delete, test and read it again'),
  createdBy: z.object({ id: Id, name: z.string() }),
  createdAt: Time,
  updatedAt: Time,
});
export type Connection = z.infer<typeof Connection>;

export const ConnectionListQuery = PageQuery.extend({ q: z.string().max(200).optional() });
export const Slot = z.enum(['read_only', 'write', 'tunnel']);
export type Slot = z.infer<typeof Slot>;
/** What a slot takes: read_only a username with a password or a client key, tunnel a password or a private key. */
export const CredentialInput = z.strictObject({
  username: Username.optional(),
  password: password.optional(),
  clientKey,
  privateKey: privateKey.optional(),
  passphrase: z.string().min(1).max(4096).optional(),
  acknowledge: z.array(Acknowledgement).max(5).default([]),
});
/** Why another server than the registered one is the right one now. */
export const ConfirmInput = z.strictObject({ reason: reason.min(3, 'give a reason') });
export const DisableInput = z.strictObject({ reason: reason.min(1, 'give a reason') });
export const DeleteInput = z.strictObject({ confirmName: z.string() });
