import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { signOut } from '../entrance/sign-in.ts';
import { roleNames, useMe } from './me.ts';
import { setTheme, themes, useTheme } from './theme.ts';

const choices = [
  { value: 'system', label: 'As the system', icon: <Monitor aria-hidden /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
] as const;

/** Who I am, how it looks, and the way out. */
export function AccountMenu() {
  const me = useMe();
  const theme = useTheme();
  const navigate = useNavigate();
  const initials = me.user.name
    .split(/\s+/)
    .map((part) => [...part][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();
  const entries: MenuEntry[] = [
    {
      kind: 'head',
      content: (
        <>
          <span className="block max-w-60 truncate font-medium">{me.user.name}</span>
          <span className="block max-w-60 truncate text-xs text-muted">{me.user.email}</span>
        </>
      ),
    },
    { kind: 'rule' },
    {
      kind: 'choice',
      legend: 'Appearance',
      value: theme,
      choices,
      choose: (value) => setTheme(themes.find((one) => one === value) ?? 'system'),
    },
    { kind: 'rule' },
    { kind: 'action', label: 'Settings', icon: <Settings aria-hidden />, act: () => void navigate({ to: '/settings' }) },
    { kind: 'action', label: 'Sign out', icon: <LogOut aria-hidden />, act: () => void signOut() },
  ];
  return (
    <Menu
      entries={entries}
      trigger={
        <button type="button" className="flex h-9 items-center gap-2 rounded-md pr-1.5 pl-1 hover:bg-hover">
          <span aria-hidden className="grid size-7 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent">
            {initials}
          </span>
          <span className="sr-only">Account of</span>
          <span className="sr-only text-left leading-tight md:not-sr-only">
            <span className="block max-w-40 truncate font-medium">{me.user.name}</span>
            <span className="block text-xs text-muted">{roleNames[me.role]}</span>
          </span>
          <ChevronDown aria-hidden className="size-4 text-muted" />
        </button>
      }
    />
  );
}
