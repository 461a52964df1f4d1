import { useSuspenseQuery } from '@tanstack/react-query';
import type { Me } from '../../../contract/identity.ts';
import type { Permission } from '../../../contract/permissions.ts';
import { ask } from '../../api.ts';

/** Who I am and what I may do; known on every page behind the door. */
export function useMe(): Me & { can: (permission: Permission) => boolean } {
  const { data } = useSuspenseQuery(ask.me);
  return { ...data, can: (permission) => data.permissions.includes(permission) };
}

/** How roles are called. */
export const roleNames = { admin: 'Admin', manager: 'Manager', user: 'User' } as const;
