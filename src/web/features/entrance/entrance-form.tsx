import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { ProblemError } from '../../../contract/client.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField, focusField } from '../../ui/field.tsx';

/** One line of a door's form. */
export interface Line {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password';
  readonly autoComplete: string;
  readonly help?: string;
  readonly minLength?: number;
}

interface EntranceFormProps {
  lines: readonly Line[];
  action: string;
  onSubmit: (values: Record<string, string>) => Promise<void>;
  children?: ReactNode;
}

/** The form of a door: few lines, one button, the mistake beside the line that has it. */
export function EntranceForm({ lines, action, onSubmit, children }: EntranceFormProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const faulty = error instanceof ProblemError && lines.some((line) => line.name === error.problem.field) ? error.problem.field : undefined;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]));
    setBusy(true);
    setError(null);
    try {
      await onSubmit(values);
    } catch (cause) {
      setError(cause);
      setBusy(false);
      const field = cause instanceof ProblemError ? cause.problem.field : undefined;
      requestAnimationFrame(
        () =>
          form.current &&
          focusField(
            field ?? (cause instanceof ProblemError && cause.code === 'password.rejected' ? lines.at(-1) : lines[0])?.name ?? '',
            form.current,
          ),
      );
    }
  }

  return (
    <form ref={form} onSubmit={(event) => void submit(event)} className="space-y-4">
      {error !== null && !faulty && <ErrorPanel error={error} />}
      {lines.map(({ name, label, help, type = 'text', autoComplete, minLength }) => (
        <FormField
          key={name}
          label={label}
          help={help}
          path={name}
          error={faulty === name && error instanceof ProblemError ? error.problem.detail : null}
        >
          {(control) => (
            <input
              {...control}
              name={name}
              type={type}
              required
              minLength={minLength}
              autoComplete={autoComplete}
              maxLength={256}
              className="input"
            />
          )}
        </FormField>
      ))}
      {children}
      <Button type="submit" look="primary" busy={busy} className="w-full">
        {action}
      </Button>
    </form>
  );
}
