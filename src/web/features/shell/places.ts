import { Database, LayoutDashboard, type LucideIcon, MessageCircleQuestionMark, ScrollText, Settings, Users } from 'lucide-react';
import type { Permission } from '../../../contract/permissions.ts';

/** A page of the left rail, and what one needs to be shown it. */
export interface Place {
  readonly to: '/' | '/databases' | '/ask' | '/audit' | '/members' | '/settings';
  readonly label: string;
  readonly icon: LucideIcon;
  readonly needs: Permission;
}

/** The rail, from top to bottom. */
export const places: readonly Place[] = [
  { to: '/', label: 'Dashboard', icon: LayoutDashboard, needs: 'self:read' },
  { to: '/databases', label: 'Databases', icon: Database, needs: 'connection:read' },
  { to: '/ask', label: 'Ask', icon: MessageCircleQuestionMark, needs: 'catalog:search' },
  { to: '/audit', label: 'Audit', icon: ScrollText, needs: 'audit:read' },
  { to: '/members', label: 'Members', icon: Users, needs: 'member:read' },
  { to: '/settings', label: 'Settings', icon: Settings, needs: 'self:read' },
];
