import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react';
import { Menu, MenuChoice, MenuHead, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { signOut } from '../entrance/sign-in.ts';
import { roleNames, useMe } from './me.ts';
import { setTheme, type Theme, useTheme } from './theme.ts';

const choices: readonly { value: Theme; label: string; icon: React.ReactNode }[] = [
  { value: 'system', label: 'As the system', icon: <Monitor aria-hidden /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
];

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
  return (
    <Menu
      label={`Account of ${me.user.name}`}
      trigger={
        <button type="button" className="flex h-9 items-center gap-2 rounded-md pr-1.5 pl-1 hover:bg-hover">
          <span aria-hidden className="grid size-7 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent">
            {initials}
          </span>
          <span className="hidden text-left leading-tight md:block">
            <span className="block max-w-40 truncate font-medium">{me.user.name}</span>
            <span className="block text-xs text-muted">{roleNames[me.role]}</span>
          </span>
          <ChevronDown aria-hidden className="size-4 text-muted" />
        </button>
      }
    >
      <MenuHead>
        <span className="block max-w-60 truncate font-medium">{me.user.name}</span>
        <span className="block max-w-60 truncate text-xs text-muted">{me.user.email}</span>
      </MenuHead>
      <MenuLine />
      <MenuChoice legend="Appearance" value={theme} choices={choices} onChange={setTheme} />
      <MenuLine />
      <MenuItem icon={<Settings aria-hidden />} onClick={() => void navigate({ to: '/settings' })}>
        Settings
      </MenuItem>
      <MenuItem icon={<LogOut aria-hidden />} onClick={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
