import { Button } from '../../ui/button.tsx';
import { FormField } from '../../ui/field.tsx';
import { emptyTunnel, type TunnelDraft } from './tunnel-draft.ts';
import { TunnelLoginFields } from './tunnel-login-fields.tsx';

/** An SSH server as it is entered: the port may be no number yet. */
export interface SshValue {
  readonly host: string;
  readonly port: number | string | null;
  readonly user: string;
  readonly hostKeySha256: string | null;
}

const beginning: SshValue = { host: '', port: 22, user: '', hostKeySha256: null };

/** The value of the widget, whatever came. */
export function sshOf(value: unknown): SshValue {
  const given = typeof value === 'object' && value !== null ? (value as Partial<SshValue>) : {};
  return { ...beginning, ...given };
}

interface Props {
  value: SshValue | null;
  path: string;
  help: string | null;
  login: TunnelDraft;
  /** What is wrong, by the path that faults use. */
  error: (path: string) => string | null;
  onChange: (value: SshValue | null, login: TunnelDraft) => void;
}

/** Whether the database is reached through an SSH server: which one, how to get in, and the key that was confirmed. Off unless it is asked for. */
export function SshWidget({ value, path, help, login, error, onChange }: Props) {
  const change = (part: Partial<SshValue>) => value && onChange({ ...value, ...part }, login);
  const toPort = (text: string) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : text === '' ? null : text);
  return (
    <div data-field={path}>
      <label className="flex items-start gap-2.5">
        <input
          type="checkbox"
          checked={value !== null}
          onChange={(event) => onChange(event.target.checked ? beginning : null, emptyTunnel)}
          className="mt-[3px] size-4 shrink-0 accent-accent"
        />
        <span>
          <span className="block font-medium">Reach it through an SSH server</span>
          <span className="block text-xs text-muted">For a database that only such a server can reach. {value !== null && help}</span>
        </span>
      </label>
      {value !== null && (
        <div className="mt-4 space-y-4">
          <div className="grid gap-4 sm:grid-cols-6">
            <FormField label="SSH host" error={error(`${path}.host`)} path={`${path}.host`} className="sm:col-span-3">
              {(control) => (
                <input
                  {...control}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                  placeholder="bastion.example.com"
                  className="input"
                  value={value.host}
                  // Another server has another key: what was confirmed of the one before does not hold for it.
                  onChange={(event) => change({ host: event.target.value, hostKeySha256: null })}
                />
              )}
            </FormField>
            <FormField label="SSH port" help="Default 22" error={error(`${path}.port`)} path={`${path}.port`} className="sm:col-span-1">
              {(control) => (
                <input
                  {...control}
                  inputMode="numeric"
                  autoComplete="off"
                  className="input"
                  value={value.port ?? ''}
                  onChange={(event) => change({ port: toPort(event.target.value), hostKeySha256: null })}
                />
              )}
            </FormField>
            <FormField label="SSH user" error={error(`${path}.user`)} path={`${path}.user`} className="sm:col-span-2">
              {(control) => (
                <input
                  {...control}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                  className="input"
                  value={value.user}
                  onChange={(event) => change({ user: event.target.value })}
                />
              )}
            </FormField>
          </div>
          <TunnelLoginFields value={login} error={error} onChange={(next) => onChange(value, next)} />
          <HostKeyLine value={value} error={error(`${path}.hostKeySha256`)} path={path} onForget={() => change({ hostKeySha256: null })} />
        </div>
      )}
    </div>
  );
}

interface LineProps {
  value: SshValue;
  error: string | null;
  path: string;
  onForget: () => void;
}

/** The key of the SSH server: confirmed once, and held it to from then on. */
function HostKeyLine({ value, error, path, onForget }: LineProps) {
  return (
    <div data-field={`${path}.hostKeySha256`} tabIndex={-1} className="rounded-md bg-sunken p-3 outline-offset-2">
      <p className="font-medium">Host key</p>
      {value.hostKeySha256 === null ? (
        <p className="text-muted">Not confirmed yet. Test the connection: it shows the key, and you decide whether it is the right one.</p>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="min-w-0 font-mono text-xs break-all">{value.hostKeySha256}</p>
          <Button size="small" onClick={onForget}>
            Forget this key
          </Button>
        </div>
      )}
      {error && (
        <p role="alert" className="mt-1.5 text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
