import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classes } from './classes.ts';
import { Spinner } from './spinner.tsx';

const looks = {
  primary: 'bg-accent text-on-accent border-transparent hover:bg-accent-strong',
  secondary: 'bg-surface text-text border-edge hover:bg-hover',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-text',
  link: 'bg-transparent text-accent border-transparent hover:bg-accent-soft',
  danger: 'bg-danger text-on-danger border-transparent hover:opacity-90',
} as const;

const sizes = {
  small: 'min-h-7 gap-1.5 px-2.5 text-xs',
  // As high as a field, beside which it often stands.
  normal: 'min-h-[36px] gap-2 px-3.5 text-sm',
  icon: 'size-[36px]',
} as const;

/** How a button looks, for links and triggers that act as one. */
export function buttonLook(look: keyof typeof looks = 'secondary', size: keyof typeof sizes = 'normal'): string {
  return classes(
    'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap select-none transition-colors',
    'disabled:cursor-not-allowed disabled:border-line disabled:bg-hover disabled:text-muted disabled:opacity-100',
    sizes[size],
    looks[look],
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  /** Shows that it works, and takes no second press. */
  busy?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = 'secondary',
  size = 'normal',
  busy = false,
  icon,
  children,
  className,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classes(buttonLook(look, size), className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}
