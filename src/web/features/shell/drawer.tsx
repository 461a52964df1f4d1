import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { Gate } from '../../ui/mark.tsx';
import { RailLinks } from './rail.tsx';

/** The rail as a drawer, where there is no room for it. */
export function Drawer({ onClose }: { onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
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
          <RailLinks wide onGo={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
