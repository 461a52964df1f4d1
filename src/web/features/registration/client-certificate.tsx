import { FormField } from '../../ui/field.tsx';
import { SecretText } from '../../ui/secret-text.tsx';
import type { TlsValue } from './tls-widget.tsx';

/** The private key of the client certificate, which is no part of how the wire is encrypted: it belongs to the credential. */
export interface ClientKey {
  readonly key: string;
  readonly certificateError: string | null;
  readonly keyError: string | null;
  readonly onKey: (key: string) => void;
}

interface Props {
  value: TlsValue;
  path: string;
  client: ClientKey;
  onChange: (value: TlsValue) => void;
}

/** What is shown to a server that asks for a certificate of the client: the certificate, in clear, and its key, sealed. */
export function ClientCertificate({ value, path, client, onChange }: Props) {
  const { clientCertificate, ...server } = value;
  const given = clientCertificate !== undefined;
  return (
    <div className="mt-4">
      <label className="flex items-start gap-2.5">
        <input
          type="checkbox"
          checked={given}
          onChange={(event) => {
            client.onKey('');
            onChange(event.target.checked ? { ...server, clientCertificate: '' } : server);
          }}
          className="mt-[3px] size-4 shrink-0 accent-accent"
        />
        <span>
          <span className="block font-medium">Show a client certificate</span>
          <span className="block text-xs text-muted">For servers that ask for one, beside a password or in its place.</span>
        </span>
      </label>
      {given && (
        <div className="mt-3 grid gap-4 sm:grid-cols-2">
          <FormField
            label="Client certificate"
            help="PEM text. It is not secret."
            error={client.certificateError}
            path={`${path}.clientCertificate`}
          >
            {(control) => (
              <textarea
                {...control}
                rows={5}
                spellCheck={false}
                placeholder="-----BEGIN CERTIFICATE-----"
                className="input font-mono text-xs"
                value={clientCertificate}
                onChange={(event) => onChange({ ...server, clientCertificate: event.target.value })}
              />
            )}
          </FormField>
          <FormField
            label="Key of the client certificate"
            help="PEM text, not encrypted. Sealed when saved, and never shown again."
            error={client.keyError}
            path="credentials.readOnly.clientKey"
          >
            {(control) => <SecretText {...control} placeholder="-----BEGIN PRIVATE KEY-----" value={client.key} onType={client.onKey} />}
          </FormField>
        </div>
      )}
    </div>
  );
}
