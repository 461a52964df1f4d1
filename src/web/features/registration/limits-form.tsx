import { ChevronRight } from 'lucide-react';
import { FormField } from '../../ui/field.tsx';
import { count } from '../../ui/when.tsx';
import { FormSection } from './form-section.tsx';
import { type LimitsDraft, limitFields } from './limits-draft.ts';

interface Props {
  limits: LimitsDraft;
  errors: ReadonlyMap<string, string>;
  onChange: (limits: LimitsDraft) => void;
  /** Whether they are out of the way until somebody asks for them. */
  folded?: boolean;
}

const title = 'Limits of its answers';
const lead = 'They hold for everyone, and can only be lower than usual. Empty: as usual.';

function Fields({ limits, errors, onChange }: Omit<Props, 'folded'>) {
  return (
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
  );
}

/** What an answer of this database may be at the most. */
export function LimitsForm({ folded = false, ...fields }: Props) {
  if (!folded) {
    return (
      <FormSection title={title} lead={lead}>
        <Fields {...fields} />
      </FormSection>
    );
  }
  return (
    <FormSection title="Advanced">
      <details className="group">
        <summary className="flex list-none items-center gap-1 rounded-sm font-medium text-accent">
          <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
          {title}
        </summary>
        <p className="mt-2 mb-3 max-w-[64ch] text-muted">{lead}</p>
        <Fields {...fields} />
      </details>
    </FormSection>
  );
}
