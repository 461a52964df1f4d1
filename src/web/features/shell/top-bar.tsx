import { Dialog } from '@base-ui/react/dialog';
import { Menu as MenuSign, Search, X } from 'lucide-react';
import { useState } from 'react';
import { Gate } from '../../ui/mark.tsx';
import { AccountMenu } from './account-menu.tsx';
import { OrganizationName } from './organization-name.tsx';
import { RailLinks } from './rail.tsx';

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The rail as a drawer, where there is no room for it. */
function Drawer() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger
        aria-label="Menu"
        className="-ml-1 grid size-9 shrink-0 place-items-center rounded-md text-muted hover:bg-hover sm:hidden"
      >
        <MenuSign aria-hidden className="size-5" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-scrim" />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-40 w-64 border-r bg-surface p-3 shadow-float outline-none">
          <div className="mb-3 flex items-center justify-between">
            <Dialog.Title className="flex items-center gap-2.5 px-1 text-md font-semibold">
              <Gate /> Portcullis
            </Dialog.Title>
            <Dialog.Close aria-label="Close menu" className="grid size-9 place-items-center rounded-md text-muted hover:bg-hover">
              <X aria-hidden className="size-4" />
            </Dialog.Close>
          </div>
          <RailLinks wide onGo={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The organisation, the way to everything, and who I am. */
export function TopBar({ onSearch }: { onSearch: () => void }) {
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b bg-surface px-3 sm:gap-3 sm:px-6">
      <Drawer />
      <div className="flex min-w-0 flex-1 items-center">
        <OrganizationName />
      </div>
      <button
        type="button"
        onClick={onSearch}
        aria-label="Search everything"
        aria-keyshortcuts={apple ? 'Meta+K' : 'Control+K'}
        className="flex h-9 items-center gap-2 rounded-md border-line-strong px-2 text-muted hover:bg-hover hover:text-text md:w-72 md:border md:bg-surface md:px-3"
      >
        <Search aria-hidden className="size-4" />
        <span className="hidden flex-1 text-left md:inline">Search everything</span>
        <kbd className="hidden rounded-sm border px-1.5 py-px font-sans text-xs md:inline">{apple ? '⌘' : 'Ctrl'} K</kbd>
      </button>
      <AccountMenu />
    </header>
  );
}
