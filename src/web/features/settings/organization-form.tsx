import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, queryClient } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { explain } from '../../ui/error-panel.tsx';
import { FormField } from '../../ui/field.tsx';
import { notify } from '../../ui/notices.tsx';
import { useMe } from '../shell/me.ts';

/** The name of the organisation. */
export function OrganizationForm({ mayEdit }: { mayEdit: boolean }) {
  const { organization } = useMe();
  const [name, setName] = useState(organization.name);
  const rename = useMutation({
    mutationFn: () => client.editOrganization({ body: { name } }),
    onSuccess: () => {
      notify('The name is changed.');
      void queryClient.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <form onSubmit={submit} className="flex max-w-lg items-start gap-2">
      <FormField
        label={<span className="sr-only">Name of the organisation</span>}
        error={rename.error ? explain(rename.error).detail : null}
        className="-mt-1.5 flex-1"
      >
        {(control) => (
          <input
            {...control}
            required
            maxLength={120}
            readOnly={!mayEdit}
            className="input"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </FormField>
      {mayEdit && (
        <Button type="submit" busy={rename.isPending} disabled={!name.trim() || name.trim() === organization.name}>
          Save
        </Button>
      )}
    </form>
  );
}
