import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes.ts';

/** A list of actions that opens from a button. */
export function Menu({
  trigger,
  label,
  children,
  align = 'end',
}: {
  trigger: ReactElement;
  label?: string;
  children: ReactNode;
  align?: 'start' | 'end';
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} aria-label={label} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-40 outline-none">
          <Base.Popup className="appear min-w-48 rounded-lg border bg-raised p-1 shadow-float outline-none">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const item =
  'flex min-h-8 w-full items-center gap-2.5 rounded-md px-2.5 py-1 text-left outline-none select-none data-highlighted:bg-hover data-disabled:text-muted [&>svg]:size-4 [&>svg]:shrink-0';

export function MenuItem({
  icon,
  danger = false,
  disabled = false,
  onClick,
  children,
}: {
  icon?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Base.Item disabled={disabled} onClick={onClick} className={classes(item, danger ? 'text-danger' : '[&>svg]:text-muted')}>
      {icon}
      {children}
    </Base.Item>
  );
}

/** One of several, of which one holds. */
export function MenuChoice<T extends string>({
  legend,
  value,
  choices,
  onChange,
}: {
  legend: string;
  value: T;
  choices: readonly { value: T; label: string; icon: ReactNode }[];
  onChange: (value: T) => void;
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-xs text-muted">{legend}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
        {choices.map((choice) => (
          <Base.RadioItem
            key={choice.value}
            value={choice.value}
            closeOnClick={false}
            className={classes(item, 'data-checked:font-semibold [&>svg]:text-muted')}
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

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}

/** Words at the head of a menu that are not an action. */
export function MenuHead({ children }: { children: ReactNode }) {
  return <div className="px-2.5 py-1.5">{children}</div>;
}
