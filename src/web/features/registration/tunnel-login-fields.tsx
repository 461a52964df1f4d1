import { useId } from 'react';
import { FormField } from '../../ui/field.tsx';
import { PasswordInput } from '../../ui/password-input.tsx';
import { SecretText } from '../../ui/secret-text.tsx';
import type { TunnelDraft } from './tunnel-draft.ts';

const kinds = [
  ['password', 'With a password'],
  ['key', 'With a private key'],
] as const;

interface Props {
  value: TunnelDraft;
  /** What is wrong, by the path that faults use. */
  error: (path: string) => string | null;
  onChange: (value: TunnelDraft) => void;
}

/** How to get into an SSH server: a password, or a private key with its passphrase. */
export function TunnelLoginFields({ value, error, onChange }: Props) {
  const group = useId();
  const path = 'credentials.tunnel';
  return (
    <div className="space-y-4" data-field={path}>
      <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
        <legend className="mb-1.5 font-medium">Sign in to it</legend>
        {kinds.map(([kind, label]) => (
          <label key={kind} className="flex items-center gap-2">
            <input
              type="radio"
              name={group}
              checked={value.kind === kind}
              onChange={() => onChange({ ...value, kind })}
              className="size-4 accent-accent"
            />
            {label}
          </label>
        ))}
      </fieldset>
      {value.kind === 'password' ? (
        <FormField
          label="SSH password"
          help="Sealed when saved, and never shown again."
          error={error(`${path}.password`)}
          path={`${path}.password`}
        >
          {(control) => <PasswordInput {...control} value={value.password} onType={(password) => onChange({ ...value, password })} />}
        </FormField>
      ) : (
        <>
          <FormField
            label="SSH private key"
            help="The whole file, from BEGIN to END, such as ~/.ssh/id_ed25519. Sealed when saved, and never shown again."
            error={error(`${path}.privateKey`)}
            path={`${path}.privateKey`}
          >
            {(control) => (
              <SecretText
                {...control}
                placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
                value={value.privateKey}
                onType={(privateKey) => onChange({ ...value, privateKey })}
              />
            )}
          </FormField>
          <FormField label="Passphrase of the key" optional error={error(`${path}.passphrase`)} path={`${path}.passphrase`}>
            {(control) => (
              <PasswordInput {...control} value={value.passphrase} onType={(passphrase) => onChange({ ...value, passphrase })} />
            )}
          </FormField>
        </>
      )}
    </div>
  );
}
