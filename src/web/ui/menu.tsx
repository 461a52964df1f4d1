import { type ButtonHTMLAttributes, cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';

/** A line of a menu: an action, one of several choices, a heading, or a rule between them. */
export type MenuEntry =
  | { readonly kind: 'action'; readonly label: string; readonly icon: ReactNode; readonly danger?: boolean; readonly act: () => void }
  | {
      readonly kind: 'choice';
      readonly legend: string;
      readonly value: string;
      readonly choices: readonly { readonly value: string; readonly label: string; readonly icon: ReactNode }[];
      readonly choose: (value: string) => void;
    }
  | { readonly kind: 'head'; readonly content: ReactNode }
  | { readonly kind: 'rule' };

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;
  /** Where the button has no words of its own. */
  label?: string;
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
}

const load = () => import('./open-menu.tsx');
const OpenMenu = lazy(async () => ({ default: (await load()).OpenMenu }));

/** A list of actions that opens from a button. What draws it is loaded when someone is about to open one. */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = cloneElement(props.trigger, {
    ...(props.label ? { 'aria-label': props.label } : {}),
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () => setWanted(true),
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
  });
  return wanted ? (
    <Suspense fallback={closed}>
      <OpenMenu {...props} />
    </Suspense>
  ) : (
    closed
  );
}
