import { Building2, Check, ChevronsUpDown } from 'lucide-react';
import { client } from '../../api.ts';
import { Menu } from '../../ui/menu.tsx';
import { notify } from '../../ui/notices.tsx';
import { useMe } from './me.ts';

async function change(organizationId: string): Promise<void> {
  try {
    await client.switchOrganization({ body: { organizationId } });
    // Everything that is on the page belongs to the other organisation: begin anew.
    window.location.assign('/');
  } catch {
    notify('The organisation could not be changed. Try again.', 'danger');
  }
}

/** The organisation I work in; a choice where I belong to several. */
export function OrganizationName() {
  const { organization, organizations } = useMe();
  if (organizations.length < 2) return <span className="truncate font-medium">{organization.name}</span>;
  return (
    <Menu
      align="start"
      entries={organizations.map(({ id, name }) => ({
        kind: 'action',
        label: name,
        icon: id === organization.id ? <Check aria-hidden /> : <Building2 aria-hidden />,
        act: () => id !== organization.id && void change(id),
      }))}
      label={`Organisation ${organization.name}: change`}
      trigger={
        <button type="button" className="flex h-9 min-w-0 items-center gap-1.5 rounded-md px-2 font-medium hover:bg-hover">
          <span className="truncate">{organization.name}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    />
  );
}
