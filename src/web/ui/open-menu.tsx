import { Menu as Base } from '@base-ui/react/menu';
import { classes } from './classes.ts';
import type { MenuEntry, MenuProps } from './menu.tsx';

const item =
  'flex min-h-8 w-full items-center gap-2.5 rounded-md px-2.5 py-1 text-left outline-none select-none data-highlighted:bg-hover [&>svg]:size-4 [&>svg]:shrink-0';

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case 'rule':
      return <Base.Separator className="my-1 h-px bg-line" />;
    case 'head':
      return <div className="px-2.5 py-1.5">{entry.content}</div>;
    case 'action':
      return (
        <Base.Item onClick={entry.act} className={classes(item, 'cursor-pointer', entry.danger ? 'text-danger' : '[&>svg]:text-muted')}>
          {entry.icon}
          {entry.label}
        </Base.Item>
      );
    case 'choice':
      return (
        <Base.Group>
          <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-xs text-muted">{entry.legend}</Base.GroupLabel>
          <Base.RadioGroup value={entry.value} onValueChange={(value: string) => entry.choose(value)}>
            {entry.choices.map((choice) => (
              <Base.RadioItem
                key={choice.value}
                value={choice.value}
                closeOnClick={false}
                className={classes(item, 'cursor-pointer data-checked:font-semibold [&>svg]:text-muted')}
              >
                {choice.icon}
                {choice.label}
                <Base.RadioItemIndicator className="ml-auto size-1.5 rounded-full bg-accent" />
              </Base.RadioItem>
            ))}
          </Base.RadioGroup>
        </Base.Group>
      );
  }
}

/** The menu itself, open when it first appears: it was asked for by the press that loaded it. */
export function OpenMenu({ trigger, label, entries, align = 'end' }: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen>
      <Base.Trigger render={trigger} {...(label ? { 'aria-label': label } : {})} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-40 outline-none">
          <Base.Popup className="appear min-w-48 rounded-lg border bg-raised p-1 shadow-float outline-none">
            {entries.map((entry, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the entries of one menu keep their places
              <Entry key={at} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
