import { CircleAlert, TriangleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { classes } from './classes.ts';

/** What a control needs so that label, help and error belong to it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'data-field': string | undefined;
}

interface FormFieldProps {
  label: ReactNode;
  help?: ReactNode;
  error?: string | null | undefined;
  /** True at once, without being wrong: "localhost means the server that Portcullis runs on". */
  warning?: string | null | undefined;
  optional?: boolean;
  /** The path by which a fault names it, such as address.port: focus is moved by it. */
  path?: string;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

/** A label, its control, and what there is to say about it. */
export function FormField({ label, help, error, warning, optional = false, path, className, children }: FormFieldProps) {
  const id = useId();
  const described = [help && `${id}-help`, warning && `${id}-warning`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={classes('min-w-0', className)}>
      <label htmlFor={id} className="mb-1.5 flex items-baseline gap-2 font-medium">
        {label}
        {optional && <span className="text-xs font-normal text-muted">optional</span>}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined, 'data-field': path })}
      {help && (
        <p id={`${id}-help`} className="mt-1.5 text-xs text-muted">
          {help}
        </p>
      )}
      {warning && (
        <p id={`${id}-warning`} className="mt-1.5 flex items-start gap-1.5 text-xs text-warn">
          <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {warning}
        </p>
      )}
      <p
        id={`${id}-error`}
        role={error ? 'alert' : undefined}
        className={error ? 'mt-1.5 flex items-start gap-1.5 text-xs text-danger' : 'hidden'}
      >
        {error && <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />}
        {error}
      </p>
    </div>
  );
}

/** Moves focus to the control that a fault names: the path itself, or the nearest part of the form that holds it. */
export function focusField(path: string, within: ParentNode = document): boolean {
  for (let name = path; name; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const found = [...within.querySelectorAll<HTMLElement>('[data-field]')].find((element) => element.dataset.field === name);
    if (!found) continue;
    const target = found.matches('input, textarea, select, button')
      ? found
      : (found.querySelector<HTMLElement>(':checked, input, textarea, select, button') ?? found);
    target.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
    return true;
  }
  return false;
}
