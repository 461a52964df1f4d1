import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'ok' | 'danger';
}

let notices: readonly Notice[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(to: readonly Notice[]): void {
  notices = to;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

/** Says in a corner, and to a screen reader, what has just been done (or has failed). */
export function notify(text: string, tone: Notice['tone'] = 'ok'): void {
  const id = next++;
  set([...notices.slice(-2), { id, text, tone }]);
  setTimeout(() => dismiss(id), tone === 'ok' ? 6_000 : 15_000);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-end gap-2">
      {shown.map((notice) => (
        <div
          key={notice.id}
          className="appear pointer-events-auto flex max-w-md items-start gap-3 rounded-lg border bg-raised p-3 pl-4 shadow-float"
        >
          {notice.tone === 'ok' ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
          ) : (
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
          )}
          <p className="min-w-0 break-words">{notice.text}</p>
          <button
            type="button"
            aria-label="Dismiss"
            className="rounded-sm p-0.5 text-muted hover:text-text"
            onClick={() => dismiss(notice.id)}
          >
            <X aria-hidden className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
