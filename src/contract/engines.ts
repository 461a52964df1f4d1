import { z } from 'zod';
import { plainLine, plainLineWanted } from './shown-text.ts';

/** The kinds of database that can be registered. */
export const engineIds = ['postgresql', 'mysql', 'mariadb', 'sqlserver', 'oracle', 'sqlite'] as const;
export const EngineId = z.enum(engineIds);
export type EngineId = z.infer<typeof EngineId>;

/** A fact about an engine, with its reason, shown to people. */
export const Trait = z.object({ name: z.string(), holds: z.boolean(), reason: z.string() });
export type Trait = z.infer<typeof Trait>;

/**
 * One field of a form. `schema` is JSON Schema (draft 2020-12) of the value; `widget` says how it is asked;
 * `when` names a sibling field and the values of it for which this one is asked.
 */
export const Field = z.object({
  name: z.string(),
  title: z.string(),
  help: z.string().nullable(),
  placeholder: z.string().nullable(),
  widget: z.enum(['text', 'number', 'password', 'multiline', 'tls', 'ssh']),
  section: z.enum(['where', 'encryption', 'tunnel', 'credential']),
  required: z.boolean(),
  order: z.int(),
  initial: z.json(),
  schema: z.record(z.string(), z.json()),
  when: z.object({ field: z.string(), in: z.array(z.json()) }).nullable(),
  warnings: z.array(z.object({ pattern: z.string().describe('A regular expression (flags iu) over the typed value'), text: z.string() })),
});
export type Field = z.infer<typeof Field>;

/** How SQL is written for an engine, for whoever writes it by hand or completes it. */
export const SqlStyle = z.object({
  editor: z.string().describe('The dialect as editors call it (CodeMirror’s name)'),
  open: z.string().describe('Opens a quoted name; `close` ends it, and is doubled within it'),
  close: z.string(),
  bare: z.string().describe('A regular expression: what a name that needs no quotes looks like, reserved words aside'),
});
export type SqlStyle = z.infer<typeof SqlStyle>;

/** An engine as the form needs it: nothing here is a secret, nothing is specific to one engine in its shape. */
export const EngineDescription = z.object({
  id: EngineId,
  label: z.string(),
  mark: z.string().describe('Two letters and a hue that stand for the engine where no logo may be used, such as "Pg"'),
  hue: z.int().describe('Hue of the mark, 0 to 359'),
  alsoFits: z.array(z.string()),
  defaultPort: z.int().nullable(),
  address: z.array(Field),
  credentials: z.array(Field),
  keyAlone: z.boolean().optional().describe('Whether a client certificate with its key gets in without a password'),
  sql: SqlStyle,
  traits: z.array(Trait),
  stringExamples: z.array(z.string()),
  loginScript: z
    .string()
    .optional()
    .describe('SQL that makes a login which can only read, with names to replace; shown before there is one'),
});
export type EngineDescription = z.infer<typeof EngineDescription>;

/** What became of a statement that is not to run, tried without the guard. `changes`: something was another afterwards. */
export const TrialOutcome = z.object({
  outcome: z.enum(['stopped', 'runs', 'changes']),
  code: z.string().nullable().describe('What the database or the session refused it with'),
});
export type TrialOutcome = z.infer<typeof TrialOutcome>;

/** What an engine's session stops by itself, with the guard switched off: found out by trying, not assumed. */
export const TruthTable = z.object({
  tried: z.string().nullable().describe('What it was tried on; null where no server has been at hand'),
  logins: z.array(z.string()).describe('Who tried, from the weakest to the strongest'),
  trials: z.array(
    z.object({
      what: z.string(),
      example: z.string(),
      outcomes: z.array(TrialOutcome).describe('One for each login'),
    }),
  ),
});
export type TruthTable = z.infer<typeof TruthTable>;

/** Certificates that the client shows to the server, PEM; its private key belongs to the credential. */
const clientCertificate = z.string().max(100_000).optional();

/** How a network engine's wire is encrypted. `ca`: PEM; `sha256`: 64 hexadecimal digits of the certificate's fingerprint. */
export const Tls = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('verify-full'), ca: z.string().max(100_000).optional(), clientCertificate }),
  z.strictObject({
    mode: z.literal('pinned'),
    sha256: z.string().regex(/^[0-9a-fA-F]{2}(:?[0-9a-fA-F]{2}){31}$/, 'must be a SHA-256 fingerprint: 64 hexadecimal digits'),
    clientCertificate,
  }),
  z.strictObject({ mode: z.literal('disable') }),
]);
export type Tls = z.infer<typeof Tls>;

/** An SSH server through which a database is reached. `hostKeySha256`: the fingerprint of its host key as ssh-keygen -l prints it, `SHA256:` and base64. */
export const Ssh = z.strictObject({
  host: z.string().trim().min(1, 'enter the host of the SSH server').max(253).regex(plainLine, plainLineWanted),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().min(1, 'enter the user of the SSH server').max(256).regex(plainLine, plainLineWanted),
  hostKeySha256: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be a fingerprint such as SHA256:… with 43 characters')
    .nullable()
    .default(null)
    .describe('Null only before the first consent: a test then shows the key and stops'),
});
export type Ssh = z.infer<typeof Ssh>;

/** What became of one parameter of a pasted string. `value` never holds a secret. */
export const StringParameter = z.object({
  name: z.string(),
  value: z.string().nullable(),
  use: z.enum(['used', 'not_needed', 'blocked']),
  reason: z.string(),
});
export type StringParameter = z.infer<typeof StringParameter>;

/** A pasted string, read: the guided fields it fills, and what became of every parameter in it. */
export interface ParsedString {
  readonly dbType: EngineId;
  readonly address: Record<string, unknown>;
  readonly credentials: Record<string, string>;
  readonly parameters: readonly StringParameter[];
  /** Problems that keep the string from being used; `field` as in the form. */
  readonly problems: readonly { field: string | null; message: string }[];
  /** Another way to split an ambiguous string (a password that holds @ : / ? #), if there is one. */
  readonly alternatives: readonly ParsedString[];
}

/** What an engine's pure strings.ts offers: no driver, no Node, so that the browser can run it. */
export interface StringReader {
  readonly dbType: EngineId;
  /** How sure this reader is that the text is of its world, from 0 to 1; pure and cheap. */
  recognises(text: string): number;
  read(text: string): ParsedString;
}
