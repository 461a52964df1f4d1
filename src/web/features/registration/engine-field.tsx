import type { Address } from '../../../contract/connections.ts';
import type { Field } from '../../../contract/engines.ts';
import { FormField } from '../../ui/field.tsx';
import { PasswordInput } from '../../ui/password-input.tsx';
import { Select } from '../../ui/select.tsx';
import { warningFor } from './check-draft.ts';

type Value = Address[string];

interface Props {
  field: Field;
  path: string;
  value: Value | undefined;
  error: string | null;
  onChange: (value: Value) => void;
  /** What is said of an empty password when one is stored. */
  placeholder?: string | undefined;
}

const asText = (value: Value | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** The values that a field takes, where it takes only some. */
const choicesOf = ({ schema }: Pick<Field, 'schema'>): string[] =>
  Array.isArray(schema.enum) ? schema.enum.filter((one) => typeof one === 'string') : [];

/** One field of an engine's form, drawn from its description. */
export function EngineField({ field, path, value, error, onChange, placeholder }: Props) {
  const { title, help, widget, required, schema, section } = field;
  const shared = {
    value: asText(value),
    placeholder: placeholder ?? field.placeholder ?? undefined,
    maxLength: typeof schema.maxLength === 'number' ? schema.maxLength : undefined,
  };
  const choices = choicesOf(field);
  const width =
    widget === 'number'
      ? 'sm:col-span-2'
      : widget === 'multiline'
        ? 'sm:col-span-6'
        : section === 'where'
          ? 'sm:col-span-4'
          : 'sm:col-span-3';
  return (
    <FormField
      label={title}
      help={help}
      error={error}
      warning={warningFor(field, value)}
      optional={!required && choices.length === 0}
      path={path}
      className={width}
    >
      {(control) => {
        if (widget === 'multiline')
          return (
            <textarea
              {...control}
              {...shared}
              rows={4}
              className="input font-mono text-xs"
              onChange={(event) => onChange(event.target.value)}
            />
          );
        if (widget === 'password') return <PasswordInput {...control} {...shared} onType={onChange} />;
        if (widget === 'number') {
          const toNumber = (text: string): Value => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : text === '' ? null : text);
          return (
            <input
              {...control}
              {...shared}
              inputMode="numeric"
              autoComplete="off"
              className="input"
              onChange={(event) => onChange(toNumber(event.target.value))}
            />
          );
        }
        if (choices.length > 0)
          return (
            <Select {...control} value={asText(value)} onChange={(event) => onChange(event.target.value)}>
              {choices.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </Select>
          );
        return (
          <input
            {...control}
            {...shared}
            type="text"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className="input"
            onChange={(event) => onChange(event.target.value)}
          />
        );
      }}
    </FormField>
  );
}
