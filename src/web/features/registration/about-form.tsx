import { useId } from 'react';
import { Environment, Purpose, Visibility } from '../../../contract/connections.ts';
import { FormField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { environments, purposes } from '../databases/words.tsx';
import type { Draft } from './draft.ts';
import { FormSection } from './form-section.tsx';

const visibilities = {
  private: { label: 'Private', says: 'You and Admins.' },
  organization: { label: 'Organisation', says: 'Every member may see and ask it.' },
} as const;

interface Props {
  draft: Draft;
  errors: ReadonlyMap<string, string>;
  onPatch: (patch: Partial<Draft>) => void;
}

/** What the connection is: not part of the test, so it may change freely. */
export function AboutForm({ draft, errors, onPatch }: Props) {
  const group = useId();
  return (
    <FormSection title="What it is">
      <div className="grid gap-4 sm:grid-cols-6">
        <FormField label="Alias" help="How everyone will know it." error={errors.get('name')} path="name" className="sm:col-span-6">
          {(control) => (
            <input
              {...control}
              autoComplete="off"
              maxLength={120}
              placeholder="Production Sales DB"
              className="input"
              value={draft.name}
              onChange={(event) => onPatch({ name: event.target.value })}
            />
          )}
        </FormField>
        <FormField label="Environment" path="environment" error={errors.get('environment')} className="sm:col-span-3">
          {(control) => (
            <Select
              {...control}
              value={draft.environment}
              onChange={(event) => onPatch({ environment: Environment.parse(event.target.value) })}
            >
              {Environment.options.map((value) => (
                <option key={value} value={value}>
                  {environments[value]}
                </option>
              ))}
            </Select>
          )}
        </FormField>
        <FormField label="Purpose" optional path="purpose" error={errors.get('purpose')} className="sm:col-span-3">
          {(control) => (
            <Select
              {...control}
              value={draft.purpose ?? ''}
              onChange={(event) => onPatch({ purpose: event.target.value ? Purpose.parse(event.target.value) : null })}
            >
              <option value="">Not said</option>
              {Purpose.options.map((value) => (
                <option key={value} value={value}>
                  {purposes[value]}
                </option>
              ))}
            </Select>
          )}
        </FormField>
        <FormField
          label="What is this data for?"
          optional
          help="It helps the AI choose: “Orders, customers and returns of the web shop since 2019.”"
          path="description"
          error={errors.get('description')}
          className="sm:col-span-6"
        >
          {(control) => (
            <textarea
              {...control}
              rows={3}
              maxLength={4000}
              className="input"
              value={draft.description}
              onChange={(event) => onPatch({ description: event.target.value })}
            />
          )}
        </FormField>
        <fieldset data-field="visibility" className="sm:col-span-6">
          <legend className="mb-1.5 font-medium">Who may see it</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {Visibility.options.map((value) => (
              <label
                key={value}
                className="flex items-start gap-2.5 rounded-lg border bg-surface p-3 has-checked:border-accent has-checked:bg-accent-soft has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent"
              >
                <input
                  type="radio"
                  name={group}
                  checked={draft.visibility === value}
                  onChange={() => onPatch({ visibility: value })}
                  className="mt-[3px] size-4 shrink-0 accent-accent outline-none"
                />
                <span>
                  <span className="block font-medium">{visibilities[value].label}</span>
                  <span className="block text-xs text-muted">{visibilities[value].says}</span>
                </span>
              </label>
            ))}
          </div>
          <p className="mt-2 text-xs text-muted">You and Admins can edit, disable or delete it.</p>
        </fieldset>
      </div>
    </FormSection>
  );
}
