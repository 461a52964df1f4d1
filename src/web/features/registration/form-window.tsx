import { Dialog } from '@base-ui/react/dialog';
import { useBlocker } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Confirm } from '../../ui/dialog.tsx';

interface Props {
  title: string;
  description: string;
  onClose: () => void;
  /** Whether something would be lost by closing. */
  dirty: () => boolean;
  form: RefObject<HTMLDivElement | null>;
  fields: ReactNode;
  beside: ReactNode;
  foot: ReactNode;
  /** Whether the fields are there: what they are drawn from may come late. */
  ready?: boolean;
  /** Whether there is nothing to test yet: then narrow screens leave the test out. */
  early?: boolean;
  /** What gets the focus afterwards, where it is not what opened the window. */
  focusAfter?: () => HTMLElement | null;
}

/** The window of the connection form: fields, the test beside them, the buttons below. Leaving with changes asks, whichever way it is left. */
export function FormWindow(props: Props) {
  const { title, description, onClose, dirty, form, fields, beside, foot, ready = true, early = false, focusAfter } = props;
  const popup = useRef<HTMLDivElement>(null);
  const firstField = () => form.current?.querySelector<HTMLElement>('input, button, textarea, select');
  // As long as there is no field the window itself holds the focus: what comes late must not find it on Close.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the arrival of the fields moves the focus
  useEffect(() => {
    if (ready && document.activeElement === popup.current) firstField()?.focus();
  }, [ready]);
  const blocker = useBlocker({ shouldBlockFn: () => dirty(), enableBeforeUnload: () => dirty(), withResolver: true });
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()} disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          ref={popup}
          initialFocus={() => firstField() ?? popup.current ?? true}
          finalFocus={() => focusAfter?.() ?? true}
          className="appear fixed inset-0 z-40 flex flex-col bg-raised shadow-float outline-none sm:inset-4 sm:m-auto sm:h-[min(calc(100dvh-2rem),920px)] sm:max-w-[1160px] sm:overflow-hidden sm:rounded-lg sm:border"
        >
          <header className="flex items-start justify-between gap-4 border-b px-4 py-3 sm:px-6 sm:py-4">
            <div>
              <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
              <Dialog.Description className="sr-only text-muted sm:not-sr-only">{description}</Dialog.Description>
            </div>
            <Dialog.Close aria-label="Close" className="-mr-1.5 rounded-md p-2 text-muted hover:bg-hover hover:text-text">
              <X aria-hidden className="size-5" />
            </Dialog.Close>
          </header>
          <div ref={form} className="min-h-0 flex-1 overflow-y-auto lg:grid lg:grid-cols-[minmax(0,1fr)_400px] lg:overflow-hidden">
            <div className="space-y-6 px-4 py-5 sm:px-6 lg:overflow-y-auto">{fields}</div>
            <aside
              aria-label="Test"
              className={`space-y-5 border-t bg-canvas px-4 py-5 sm:px-6 lg:overflow-y-auto lg:border-t-0 lg:border-l ${early ? 'hidden lg:block' : ''}`}
            >
              {beside}
            </aside>
          </div>
          <footer className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-t px-4 py-3 sm:px-6">{foot}</footer>
          <Confirm
            open={blocker.status === 'blocked'}
            onClose={() => blocker.reset?.()}
            title="Close without saving?"
            action="Close and lose it"
            keep="Keep editing"
            onConfirm={() => blocker.proceed?.()}
          >
            What you entered is lost. Nothing of it was kept.
          </Confirm>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
