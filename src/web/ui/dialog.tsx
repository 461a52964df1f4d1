import { AlertDialog as BaseAlert } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useRef } from 'react';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

// One layer for all: of two windows the later one lies above.
const scrim = 'fixed inset-0 z-40 bg-scrim';
const place = 'fixed inset-0 z-40 grid place-items-center overflow-y-auto p-0 sm:p-6';
const sheet = 'appear w-full bg-raised shadow-float outline-none sm:rounded-lg sm:border';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  /** Large ones fill a narrow screen. */
  width?: string;
  children: ReactNode;
  initialFocus?: RefObject<HTMLElement | null>;
}

/** A window over the page: traps focus, gives it back, closes by Escape. */
export function Dialog({ open, onClose, title, description, width = 'sm:max-w-lg', children, initialFocus }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  // What is asked comes before the way out.
  const firstField = () => popup.current?.querySelector<HTMLElement>('input, textarea, select') ?? true;
  return (
    <Base.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={scrim} />
        <Base.Viewport className={place}>
          <Base.Popup
            className={classes(sheet, 'self-end rounded-t-lg p-5 sm:self-center sm:p-6', width)}
            ref={popup}
            initialFocus={initialFocus ?? firstField}
          >
            <div className="mb-4 flex items-start justify-between gap-4">
              <div className="min-w-0">
                <Base.Title className="text-md font-semibold">{title}</Base.Title>
                {description && <Base.Description className="mt-0.5 text-muted">{description}</Base.Description>}
              </div>
              <Base.Close aria-label="Close" className="-mt-1 -mr-1 rounded-md p-1.5 text-muted hover:bg-hover hover:text-text">
                <X aria-hidden className="size-4" />
              </Base.Close>
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** The buttons at the foot of a dialog. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-wrap-reverse justify-end gap-2">{children}</div>;
}

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  action: string;
  keep?: string;
  look?: 'danger' | 'primary';
  busy?: boolean;
  onConfirm: () => void;
}

/** A question before something that cannot be taken back; Escape keeps things as they are. */
export function Confirm({
  open,
  onClose,
  title,
  children,
  action,
  keep = 'Cancel',
  look = 'danger',
  busy = false,
  onConfirm,
}: ConfirmProps) {
  return (
    <BaseAlert.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <BaseAlert.Portal>
        <BaseAlert.Backdrop forceRender className={scrim} />
        <BaseAlert.Viewport className={place}>
          <BaseAlert.Popup className={classes(sheet, 'self-end rounded-t-lg p-5 sm:max-w-md sm:self-center sm:p-6')}>
            <BaseAlert.Title className="text-md font-semibold">{title}</BaseAlert.Title>
            <BaseAlert.Description render={<div />} className="mt-1 text-muted">
              {children}
            </BaseAlert.Description>
            <DialogFoot>
              <BaseAlert.Close render={<Button />}>{keep}</BaseAlert.Close>
              <Button look={look} busy={busy} onClick={onConfirm}>
                {action}
              </Button>
            </DialogFoot>
          </BaseAlert.Popup>
        </BaseAlert.Viewport>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  );
}
