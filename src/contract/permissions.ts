import { z } from 'zod';

/** Roles per organisation: what a person, and the AI that acts for them, may do. */
export const roles = ['admin', 'manager', 'user'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** Scopes of API keys and tokens. A key never exceeds its person's role of that moment. */
export const scopes = ['schema:read', 'query:read', 'write:request', 'audit:read', 'connection:manage', 'admin'] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

interface Rule {
  /** Roles that hold the permission for anything they may see. */
  readonly roles: readonly Role[];
  /** Also held by the creator of the connection, while their role is at least Manager. */
  readonly creator?: true;
  /** The scope a key or token needs for it (`admin` contains every scope). */
  readonly scope: Scope | 'any';
  /** About the server itself, which all its organisations share: held in the organisation that set it up alone. */
  readonly operator?: true;
}

const everyone = ['admin', 'manager', 'user'] as const;

/** Who may do what, as data. A route names one of these; `visibility` below decides what it may see at all. */
export const permissions = {
  'self:read': { roles: everyone, scope: 'any' },
  'engine:read': { roles: everyone, scope: 'any' },
  'connection:read': { roles: everyone, scope: 'schema:read' },
  'connection:create': { roles: ['admin', 'manager'], scope: 'connection:manage' },
  'connection:manage': { roles: ['admin'], creator: true, scope: 'connection:manage' },
  'catalog:read': { roles: everyone, scope: 'schema:read' },
  'catalog:search': { roles: everyone, scope: 'schema:read' },
  'query:read': { roles: everyone, scope: 'query:read' },
  'audit:read': { roles: ['admin'], scope: 'audit:read' },
  'audit:verify': { roles: ['admin'], scope: 'audit:read', operator: true },
  'key:manage': { roles: everyone, scope: 'admin' },
  'member:read': { roles: ['admin', 'manager'], scope: 'admin' },
  'member:manage': { roles: ['admin'], scope: 'admin' },
  'organization:read': { roles: everyone, scope: 'any' },
  'organization:manage': { roles: ['admin'], scope: 'admin' },
  'vault:read': { roles: ['admin'], scope: 'admin' },
  'vault:manage': { roles: ['admin'], scope: 'admin', operator: true },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof permissions;

/** What a permission is asked about: a connection's maker and visibility, where one is concerned. */
export interface Subject {
  readonly createdBy: string;
  readonly visibility: 'private' | 'organization';
}

/** Who asks, reduced to what decides. `scopes` null: a browser sign-in, which is not narrowed. */
export interface Asker {
  readonly userId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[] | null;
  /** Whether their organisation is the one that set the server up. */
  readonly operator?: boolean;
}

/** Whether the asker may know that the connection exists: else every route answers 404. */
export function maySee(asker: Asker, subject: Subject): boolean {
  return asker.role === 'admin' || subject.visibility === 'organization' || subject.createdBy === asker.userId;
}

const inScope = (asker: Asker, rule: Rule): boolean =>
  asker.scopes === null || rule.scope === 'any' || asker.scopes.includes('admin') || asker.scopes.includes(rule.scope);

const operates = (asker: Asker, rule: Rule): boolean => rule.operator !== true || asker.operator === true;

/**
 * What keeps the asker out of a route of this permission; null: they may enter. Where a connection decides (its creator holds the permission
 * too), everyone in scope may: the use case answers 404 for what they may not see, 403 for what they may only see.
 */
export function barredBy(asker: Asker, permission: Permission): 'scope' | 'role' | 'operator' | null {
  const rule: Rule = permissions[permission];
  if (!inScope(asker, rule)) return 'scope';
  if (rule.creator !== true && !rule.roles.includes(asker.role)) return 'role';
  return operates(asker, rule) ? null : 'operator';
}

/** Whether the asker holds the permission, in general or for the given connection (which they may see). */
export function may(asker: Asker, permission: Permission, subject?: Subject): boolean {
  const rule: Rule = permissions[permission];
  if (!inScope(asker, rule) || !operates(asker, rule)) return false;
  if (rule.roles.includes(asker.role)) return true;
  // The creator's rights end when their role falls below Manager. Without a subject: whether there can be one they own.
  return rule.creator === true && asker.role === 'manager' && (subject === undefined || subject.createdBy === asker.userId);
}
