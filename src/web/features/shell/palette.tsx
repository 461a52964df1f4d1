import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { classes } from '../../ui/classes.ts';
import { Spinner } from '../../ui/spinner.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { type Entry, useEntries } from './palette-entries.tsx';

const groups = ['Connections', 'Pages', 'Actions', 'Tables'] as const;

/** Everything by its name: connections, pages, actions, and tables by question. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const { entries, busy } = useEntries(text);
  const ordered = groups.flatMap((group) => entries.filter((entry) => entry.group === group));
  const at = Math.min(active, ordered.length - 1);

  const pick = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.go();
  };
  const go = (to: number) => {
    const next = (to + ordered.length) % Math.max(1, ordered.length);
    setActive(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const keys = new Map([
      ['ArrowDown', () => go(at + 1)],
      ['ArrowUp', () => go(at - 1)],
      ['Enter', () => pick(ordered[at])],
    ]);
    const act = keys.get(event.key);
    if (!act || event.nativeEvent.isComposing) return;
    event.preventDefault();
    act();
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="appear fixed inset-x-3 top-[10dvh] z-50 mx-auto flex max-h-[min(70dvh,560px)] max-w-xl flex-col overflow-hidden rounded-lg border bg-raised shadow-float outline-none">
          <Dialog.Title className="sr-only">Search everything</Dialog.Title>
          <div className="flex items-center gap-3 border-b px-4">
            {busy ? <Spinner className="text-muted" /> : <Search aria-hidden className="size-4 text-muted" />}
            <input
              role="combobox"
              aria-label="Search everything"
              aria-expanded
              aria-controls={id}
              aria-activedescendant={ordered.length > 0 ? `${id}-${at}` : undefined}
              aria-autocomplete="list"
              placeholder="A connection, a page, an action, or a question"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
              className="min-w-0 flex-1 bg-transparent py-3.5 text-md outline-none"
            />
            <kbd className="hidden rounded-sm border px-1.5 font-sans text-xs text-muted sm:block">Esc</kbd>
          </div>
          <div id={id} role="listbox" aria-label="Results" className="overflow-y-auto p-1.5">
            {groups.map((group) => {
              const members = ordered.map((entry, index) => ({ entry, index })).filter(({ entry }) => entry.group === group);
              if (members.length === 0) return null;
              return (
                // biome-ignore lint/a11y/useSemanticElements: a group of options within a listbox is no fieldset
                <div key={group} role="group" aria-label={group}>
                  <p aria-hidden className="px-3 pt-2 pb-1 text-xs text-muted">
                    {group}
                  </p>
                  {members.map(({ entry, index }) => (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys, for the option that is active
                    <div
                      key={entry.key}
                      id={`${id}-${index}`}
                      role="option"
                      tabIndex={-1}
                      aria-selected={index === at}
                      onClick={() => pick(entry)}
                      onMouseMove={() => setActive(index)}
                      className={classes(
                        'flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-3 py-1.5',
                        index === at && 'bg-hover',
                      )}
                    >
                      <span aria-hidden className="shrink-0 text-muted [&>svg]:size-4">
                        {entry.icon}
                      </span>
                      <span className="min-w-0 flex-1 truncate">
                        <Untrusted text={entry.label} />
                      </span>
                      {entry.says && <span className="max-w-[45%] shrink-0 truncate text-xs text-muted">{entry.says}</span>}
                    </div>
                  ))}
                </div>
              );
            })}
            {ordered.length === 0 && <p className="px-3 py-6 text-center text-muted">{busy ? 'Searching' : 'Nothing by this name.'}</p>}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
