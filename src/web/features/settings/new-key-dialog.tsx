import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Scope, scopes } from '../../../contract/permissions.ts';
import { client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

const means: Record<Scope, string> = {
  'schema:read': 'see connections, read schemas and search them',
  'query:read': 'run read-only queries',
  'write:request': 'ask for changes, which a person decides',
  'audit:read': 'read the audit log',
  'connection:manage': 'add and manage connections',
  admin: 'everything its person may',
};

function Shown({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <>
      <p>Keep it now, where only the program that needs it can read it. It is not shown again.</p>
      <div className="mt-3 flex items-center gap-2 rounded-md border bg-sunken p-2 pl-3">
        <code className="min-w-0 flex-1 font-mono text-xs break-all select-all">{secret}</code>
        <CopyButton text={secret} what="Copy key" look="primary" />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Done</Button>
      </DialogFoot>
    </>
  );
}

/** Makes an API key of mine, and shows it once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['schema:read']);
  const [days, setDays] = useState(90);
  const make = useMutation({
    mutationFn: () => client.createApiKey({ body: { name, scopes: [...chosen], expiresInDays: days } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const toggle = (scope: Scope, on: boolean) => setChosen(on ? [...chosen, scope] : chosen.filter((one) => one !== scope));
  return (
    <Dialog open onClose={onClose} title={make.data ? `${make.data.name} is made` : 'New API key'}>
      {make.data ? (
        <Shown secret={make.data.key} onClose={onClose} />
      ) : (
        <form onSubmit={submit} className="space-y-4">
          {make.error && <ErrorPanel error={make.error} />}
          <FormField label="Name" help="What uses it: “Nightly catalogue check”." path="name">
            {(control) => (
              <input
                {...control}
                required
                maxLength={120}
                autoComplete="off"
                className="input"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </FormField>
          <fieldset data-field="scopes">
            <legend className="mb-1.5 font-medium">It may</legend>
            <div className="space-y-1.5">
              {scopes.map((scope) => (
                <label key={scope} className="flex items-start gap-2.5">
                  <input
                    type="checkbox"
                    className="mt-[3px] size-4 accent-accent"
                    checked={chosen.includes(scope)}
                    onChange={(event) => toggle(scope, event.target.checked)}
                  />
                  <span>
                    {means[scope]} <code className="font-mono text-xs text-muted">{scope}</code>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
          <FormField label="Expires after" path="expiresInDays">
            {(control) => (
              <Select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
                {[7, 30, 90, 180, 365].map((value) => (
                  <option key={value} value={value}>
                    {value} days
                  </option>
                ))}
              </Select>
            )}
          </FormField>
          <DialogFoot>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" busy={make.isPending} disabled={chosen.length === 0}>
              Make the key
            </Button>
          </DialogFoot>
        </form>
      )}
    </Dialog>
  );
}
