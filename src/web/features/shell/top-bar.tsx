import { Menu, Search } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { AccountMenu } from './account-menu.tsx';
import { OrganizationName } from './organization-name.tsx';

const Drawer = lazy(async () => ({ default: (await import('./drawer.tsx')).Drawer }));
const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The organisation, the way to everything, and who I am. */
export function TopBar({ onSearch }: { onSearch: () => void }) {
  const [drawn, setDrawn] = useState(false);
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b bg-surface px-3 sm:gap-3 sm:px-6">
      <button
        type="button"
        aria-label="Menu"
        aria-expanded={drawn}
        onClick={() => setDrawn(true)}
        className="-ml-1 grid size-9 shrink-0 place-items-center rounded-md text-muted hover:bg-hover sm:hidden"
      >
        <Menu aria-hidden className="size-5" />
      </button>
      <Suspense>{drawn && <Drawer onClose={() => setDrawn(false)} />}</Suspense>
      <div className="flex min-w-0 flex-1 items-center">
        <OrganizationName />
      </div>
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts={apple ? 'Meta+K' : 'Control+K'}
        className="flex h-9 items-center gap-2 rounded-md border-line-strong px-2 text-muted hover:bg-hover hover:text-text md:w-72 md:border md:bg-surface md:px-3"
      >
        <Search aria-hidden className="size-4" />
        <span className="sr-only flex-1 text-left md:not-sr-only">Search everything</span>
        <kbd aria-hidden className="hidden rounded-sm border px-1.5 py-px font-sans text-xs md:inline">
          {apple ? '⌘' : 'Ctrl'} K
        </kbd>
      </button>
      <AccountMenu />
    </header>
  );
}
