import { FormField } from '../../ui/field.tsx';
import { count } from '../../ui/when.tsx';
import { FormSection } from './form-section.tsx';
import { type LimitsDraft, limitFields } from './limits-draft.ts';

interface Props {
  limits: LimitsDraft;
  errors: ReadonlyMap<string, string>;
  onChange: (limits: LimitsDraft) => void;
}

/** What an answer of this database may be at the most. */
export function LimitsForm({ limits, errors, onChange }: Props) {
  return (
    <FormSection title="Limits of its answers" lead="They hold for everyone, and can only be lower than usual. Empty: as usual.">
      <div className="grid gap-4 sm:grid-cols-6">
        {limitFields.map(({ name, label, most }) => (
          <FormField
            key={name}
            label={label}
            optional
            help={`At most ${count(most)}.`}
            path={`limits.${name}`}
            error={errors.get(`limits.${name}`)}
            className="sm:col-span-2"
          >
            {(control) => (
              <input
                {...control}
                inputMode="decimal"
                autoComplete="off"
                maxLength={20}
                className="input"
                value={limits[name]}
                onChange={(event) => onChange({ ...limits, [name]: event.target.value })}
              />
            )}
          </FormField>
        ))}
      </div>
    </FormSection>
  );
}
