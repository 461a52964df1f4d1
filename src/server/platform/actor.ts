import type { Asker, Role, Scope } from '../../contract/permissions.ts';

/** Who does something: a person through a door, always within one organisation. */
export interface Actor extends Asker {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly organizationId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[] | null;
  /** The door they came through. */
  readonly via: 'web' | 'key' | 'system';
  readonly keyId: string | null;
  /** The browser's sign-in, where they came by one. */
  readonly signInId?: string;
  readonly requestId: string;
}
