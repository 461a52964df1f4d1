import { useMutation } from '@tanstack/react-query';
import { Monitor, Moon, Sun } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { signOutEverywhere } from '../entrance/sign-in.ts';
import { roleNames, useMe } from '../shell/me.ts';
import { setTheme, themes, useTheme } from '../shell/theme.ts';
import { ApiKeys } from './api-keys.tsx';
import { OrganizationForm } from './organization-form.tsx';
import { VaultFacts } from './vault-facts.tsx';

function Section({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="grid gap-x-10 gap-y-3 border-t py-7 first:border-t-0 first:pt-0 lg:grid-cols-[260px_minmax(0,1fr)]"
    >
      <div>
        <h2 className="font-semibold">{title}</h2>
        <p className="mt-0.5 text-muted">{lead}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}

const looks = {
  system: { label: 'As the system', Sign: Monitor },
  light: { label: 'Light', Sign: Sun },
  dark: { label: 'Dark', Sign: Moon },
} as const;

function ThemeChoice() {
  const theme = useTheme();
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">Theme</legend>
      {themes.map((one) => {
        const { label, Sign } = looks[one];
        return (
          <label
            key={one}
            className="flex min-h-9 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent"
          >
            <input type="radio" name="theme" className="sr-only" checked={theme === one} onChange={() => setTheme(one)} />
            <Sign aria-hidden className="size-4" />
            {label}
          </label>
        );
      })}
    </fieldset>
  );
}

function SignIns() {
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const end = useMutation({ mutationFn: signOutEverywhere });
  return (
    <div className="card flex flex-wrap items-center justify-between gap-3 p-4">
      <p className="min-w-0">
        <span className="block font-medium">{me.user.name}</span>
        <span className="block break-all text-muted">
          {me.user.email}, {roleNames[me.role]}
        </span>
      </p>
      <Button onClick={() => setAsking(true)}>Sign out everywhere…</Button>
      {end.error && <ErrorPanel error={end.error} />}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title="Sign out everywhere?"
        action="Sign out everywhere"
        busy={end.isPending}
        onConfirm={() => end.mutate()}
      >
        Every sign-in of yours ends, in this browser too. API keys go on; revoke them below if they may be known to others.
      </Confirm>
    </div>
  );
}

/** The organisation, how things look, my sign-ins and keys, and for Admins the vault. */
export function SettingsPage() {
  const me = useMe();
  return (
    <>
      <PageHead title="Settings" />
      <div className="max-w-5xl">
        <Section
          title="Organisation"
          lead={me.can('organization:manage') ? 'The name that every member sees.' : 'An Admin can change its name.'}
        >
          <OrganizationForm mayEdit={me.can('organization:manage')} />
        </Section>
        <Section title="Appearance" lead="Kept in this browser.">
          <ThemeChoice />
        </Section>
        <Section title="Your account" lead="A lost password is set anew with a link from an Admin.">
          <SignIns />
        </Section>
        {me.can('key:manage') && (
          <Section title="API keys" lead="For the command line, scripts and agents. A key may never do more than its person.">
            <ApiKeys />
          </Section>
        )}
        {me.can('vault:read') && (
          <Section title="Vault" lead="What seals the stored credentials.">
            <VaultFacts />
          </Section>
        )}
      </div>
    </>
  );
}
