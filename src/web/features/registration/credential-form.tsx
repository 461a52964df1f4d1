import type { EngineDescription, Field } from '../../../contract/engines.ts';
import { useMe } from '../shell/me.ts';
import { askedFields, type Draft, isOnThisMachine, pathOf } from './draft.ts';
import { EngineField } from './engine-field.tsx';
import { FormSection } from './form-section.tsx';
import { ReadOnlyScript } from './read-only-script.tsx';
import { SshWidget, sshOf } from './ssh-widget.tsx';
import { TlsWidget, tlsOf } from './tls-widget.tsx';

interface Props {
  engine: EngineDescription;
  draft: Draft;
  errors: ReadonlyMap<string, string>;
  onPatch: (patch: Partial<Draft>) => void;
  /** The username of the login that is stored, when a connection is edited. */
  stored?: string | null | undefined;
}

/** Where the database is, how the wire is encrypted and how to get in: drawn from what the engine says of itself. */
export function CredentialForm({ engine, draft, errors, onPatch, stored }: Props) {
  const { role } = useMe();
  const values = { ...draft.address, ...draft.credentials };
  const of = (group: 'address' | 'credentials', section: Field['section']) =>
    askedFields(engine[group], values).filter((field) => field.section === section);
  const address = (field: Field) => (value: Draft['address'][string]) => onPatch({ address: { ...draft.address, [field.name]: value } });
  const drawn = (field: Field) => {
    const path = pathOf('address', field);
    const error = errors.get(path) ?? null;
    if (field.widget === 'ssh') {
      const value = draft.address[field.name] ?? null;
      return (
        <SshWidget
          key={path}
          value={value === null ? null : sshOf(value)}
          path={path}
          help={field.help}
          login={draft.tunnel}
          error={(name) => errors.get(name) ?? (name === `${path}.host` ? (errors.get(path) ?? null) : null)}
          onChange={(ssh, tunnel) => onPatch({ address: { ...draft.address, [field.name]: ssh && { ...ssh } }, tunnel })}
        />
      );
    }
    if (field.widget !== 'tls')
      return <EngineField key={path} field={field} path={path} value={draft.address[field.name]} error={error} onChange={address(field)} />;
    const client = `${path}.clientCertificate`;
    const inner =
      [...errors].find(([name]) => (name.startsWith(`${path}.`) && name !== client) || name.startsWith('acknowledge'))?.[1] ?? null;
    return (
      <div key={path} className="sm:col-span-6">
        <TlsWidget
          value={tlsOf(draft.address[field.name])}
          path={path}
          help={field.help}
          error={inner ?? error}
          mayClear={role === 'admin' || isOnThisMachine(draft)}
          reasonNeeded={!isOnThisMachine(draft)}
          reason={draft.tlsReason}
          onChange={(value) => address(field)({ ...value })}
          onReason={(tlsReason) => onPatch({ tlsReason })}
          client={{
            key: draft.clientKey,
            certificateError: errors.get(client) ?? null,
            keyError: errors.get('credentials.readOnly.clientKey') ?? null,
            onKey: (clientKey) => onPatch({ clientKey }),
          }}
        />
      </div>
    );
  };
  const encryption = of('address', 'encryption');
  const tunnel = of('address', 'tunnel');
  return (
    <>
      <FormSection title="Where it is">
        <div className="grid gap-4 sm:grid-cols-6">{of('address', 'where').map(drawn)}</div>
      </FormSection>
      {encryption.length > 0 && (
        <FormSection title="Encryption">
          <div className="grid gap-4 sm:grid-cols-6">{encryption.map(drawn)}</div>
        </FormSection>
      )}
      {tunnel.length > 0 && <FormSection title="SSH tunnel">{tunnel.map(drawn)}</FormSection>}
      {engine.credentials.length > 0 && (
        <FormSection title="Read-only credential" lead="Used for every question. It should not be able to write.">
          <div className="grid gap-4 sm:grid-cols-6">
            {of('credentials', 'credential').map((field) => {
              const path = pathOf('credentials', field);
              return (
                <EngineField
                  key={path}
                  field={field}
                  path={path}
                  value={draft.credentials[field.name]}
                  error={errors.get(path) ?? null}
                  placeholder={stored && field.widget === 'password' ? 'Stored; enter it to change where it goes' : undefined}
                  onChange={(value) => onPatch({ credentials: { ...draft.credentials, [field.name]: String(value ?? '') } })}
                />
              );
            })}
          </div>
          <ReadOnlyScript engine={engine} />
        </FormSection>
      )}
    </>
  );
}
