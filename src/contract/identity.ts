import { z } from 'zod';
import { Id, Time } from './paging.ts';
import { Role, Scope } from './permissions.ts';

export const Email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase());
export const Password = z.string().min(12, 'must have at least 12 characters').max(256);
/** Something that people call a person, an organisation or a key: shown everywhere, so nothing in it may hide, or move what stands beside it. */
const Name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'must not hold control characters');
export const PersonName = Name;

export const SetupInput = z.strictObject({
  organization: Name,
  name: PersonName,
  email: Email,
  password: Password,
  token: z.string().max(200).optional(),
});
export type SetupInput = z.infer<typeof SetupInput>;
export const User = z.object({ id: Id, name: z.string(), email: z.string() });
export const Organization = z.object({ id: Id, name: z.string(), createdAt: Time });
export type Organization = z.infer<typeof Organization>;
export const SetupResult = z.object({ user: User, organization: Organization, apiKey: z.string().optional() });
export type SetupResult = z.infer<typeof SetupResult>;
/** For the sign-in page, before anyone is known. */
export const SetupState = z.object({ done: z.boolean(), tokenRequired: z.boolean() });

export const Me = z.object({
  user: User,
  organization: Organization,
  organizations: z.array(z.object({ id: Id, name: z.string() })),
  role: Role,
  scopes: z.array(Scope).nullable().describe('null: a browser sign-in, not narrowed'),
  permissions: z.array(z.string()),
  limits: z.object({ testsPerMinute: z.int(), testsUsed: z.int() }),
});
export type Me = z.infer<typeof Me>;

export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(Scope),
  owner: User,
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Time.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const ApiKeyInput = z.strictObject({
  name: Name,
  scopes: z.array(Scope).min(1),
  expiresInDays: z.int().min(1).max(366).default(90),
});
export const CreatedApiKey = ApiKey.extend({ key: z.string().describe('The key itself, shown this once') });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const Member = z.object({ id: Id, user: User, role: Role, createdAt: Time, lastSignInAt: Time.nullable() });
export type Member = z.infer<typeof Member>;
export const InvitationInput = z.strictObject({ email: Email, role: Role });
export const OneTimeLink = z.object({ url: z.string(), expiresAt: Time });
export type OneTimeLink = z.infer<typeof OneTimeLink>;
export const AcceptInvitationInput = z.strictObject({
  token: z.string().max(200),
  name: PersonName.optional(),
  password: z.string().min(1).max(256),
});
export const AcceptPasswordInput = z.strictObject({ token: z.string().max(200), password: Password });
export const RoleInput = z.strictObject({ role: Role });
export const OrganizationInput = z.strictObject({ name: Name });

export const VaultStatus = z.object({
  provider: z.string(),
  keyId: z.string(),
  source: z.string(),
  secrets: z.int(),
  oldestSecretAt: Time.nullable(),
  rotatingTo: z.string().nullable().describe('The key that is taking its place, while a rotation is under way'),
});
export type VaultStatus = z.infer<typeof VaultStatus>;

/** What a rotation of the master key did. */
export const VaultRotation = z.object({
  keyId: z.string(),
  previousKeyId: z.string(),
  moved: z.int().describe('Data keys that were wrapped anew'),
  unreadable: z.int().describe('Secrets that neither key opens: enter those credentials again, or delete them, and rotate again'),
  done: z.boolean(),
  todo: z.string().nullable().describe('What the operator has to do now'),
});
export type VaultRotation = z.infer<typeof VaultRotation>;
