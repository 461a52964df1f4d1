import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Tls } from '../../../contract/engines.ts';
import { FormField } from '../../ui/field.tsx';
import { ClientCertificate, type ClientKey } from './client-certificate.tsx';

type Choice = 'verify' | 'ca' | 'pin' | 'clear';
export interface TlsValue {
  readonly mode: Tls['mode'];
  readonly ca?: string;
  readonly sha256?: string;
  readonly clientCertificate?: string;
}

/** The value of the widget, whatever came: what cannot be read is the safe choice. */
export function tlsOf(value: unknown): TlsValue {
  if (typeof value !== 'object' || value === null || !('mode' in value)) return { mode: 'verify-full' };
  const mode = Tls.options.map((option) => option.shape.mode.value).find((one) => one === value.mode) ?? 'verify-full';
  const text = (name: string) =>
    name in value && typeof value[name as keyof typeof value] === 'string' ? { [name]: value[name as keyof typeof value] } : {};
  if (mode === 'disable') return { mode };
  const client = text('clientCertificate');
  return mode === 'pinned' ? { mode, sha256: '', ...text('sha256'), ...client } : { mode, ...text('ca'), ...client };
}

const choiceOf = ({ mode, ca }: TlsValue): Choice =>
  mode === 'pinned' ? 'pin' : mode === 'disable' ? 'clear' : ca === undefined ? 'verify' : 'ca';
const beginning: Record<Choice, TlsValue> = {
  verify: { mode: 'verify-full' },
  ca: { mode: 'verify-full', ca: '' },
  pin: { mode: 'pinned', sha256: '' },
  clear: { mode: 'disable' },
};

const choices: readonly { choice: Choice; label: string; says: string }[] = [
  { choice: 'verify', label: 'Verify certificate', says: 'Recommended. Signed by a public authority, for this host.' },
  { choice: 'ca', label: 'My CA', says: 'Signed by your own or your cloud provider’s authority.' },
  { choice: 'pin', label: 'Pin this certificate', says: 'Exactly the one with this fingerprint, and no other.' },
  { choice: 'clear', label: 'Not encrypted', says: 'Anyone on the way can read what is sent, the data too.' },
];

interface Props {
  value: TlsValue;
  path: string;
  help: string | null;
  error: string | null;
  /** Whether I may decide that nothing is encrypted. */
  mayClear: boolean;
  /** Whether that takes a reason: on the way to another machine others may listen. */
  reasonNeeded: boolean;
  reason: string;
  onChange: (value: TlsValue) => void;
  onReason: (reason: string) => void;
  client: ClientKey;
}

/** How the wire is encrypted: one of four, each with what it needs. */
export function TlsWidget({ value, path, help, error, mayClear, reasonNeeded, reason, onChange, onReason, client }: Props) {
  const group = useId();
  const chosen = choiceOf(value);
  const { clientCertificate } = value;
  /** What is said about the server may change; what the client shows stays. */
  const withClient = (next: TlsValue): TlsValue =>
    next.mode === 'disable' || clientCertificate === undefined ? next : { ...next, clientCertificate };
  const needs: Record<Choice, ReactNode> = {
    verify: null,
    ca: (
      <FormField
        label="Certificate of the CA"
        help="PEM text. It is not secret; a private key does not belong here."
        error={error}
        path={`${path}.ca`}
      >
        {(control) => (
          <textarea
            {...control}
            rows={5}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            className="input font-mono text-xs"
            value={value.ca ?? ''}
            onChange={(event) => onChange(withClient({ mode: 'verify-full', ca: event.target.value }))}
          />
        )}
      </FormField>
    ),
    pin: (
      <FormField
        label="SHA-256 fingerprint"
        help="From whoever runs the database. A test shows the one that the server has."
        error={error}
        path={`${path}.sha256`}
      >
        {(control) => (
          <input
            {...control}
            spellCheck={false}
            autoComplete="off"
            className="input font-mono text-xs"
            value={value.sha256 ?? ''}
            onChange={(event) => onChange(withClient({ mode: 'pinned', sha256: event.target.value.trim() }))}
          />
        )}
      </FormField>
    ),
    clear: (
      <FormField
        label="Why it may be in the clear"
        help={mayClear ? 'Kept on record with your name.' : 'Only an Admin may decide this: choose another, or ask one.'}
        error={error}
        optional={!reasonNeeded}
        path="acknowledge"
      >
        {(control) => (
          <input {...control} maxLength={500} className="input" value={reason} onChange={(event) => onReason(event.target.value)} />
        )}
      </FormField>
    ),
  };
  return (
    <fieldset data-field={path} className="min-w-0">
      <legend className="sr-only">Encryption</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {choices.map(({ choice, label, says }) => {
          const closed = choice === 'clear' && !mayClear;
          return (
            <label
              key={choice}
              className="flex items-start gap-2.5 rounded-lg border bg-surface p-3 has-checked:border-accent has-checked:bg-accent-soft has-disabled:cursor-not-allowed has-disabled:bg-sunken has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent"
            >
              <input
                type="radio"
                name={group}
                checked={chosen === choice}
                disabled={closed}
                onChange={() => onChange(withClient(beginning[choice]))}
                className="mt-[3px] size-4 shrink-0 accent-accent outline-none"
              />
              <span>
                <span className="block font-medium">{label}</span>
                <span className="block text-xs text-muted">{closed ? 'An Admin can choose this, with a reason.' : says}</span>
              </span>
            </label>
          );
        })}
      </div>
      {needs[chosen] && <div className="mt-3">{needs[chosen]}</div>}
      {chosen === 'verify' && error && (
        <p role="alert" className="mt-2 flex items-start gap-1.5 text-xs text-danger">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </p>
      )}
      {help && chosen !== 'clear' && <p className="mt-2 text-xs text-muted">{help}</p>}
      {chosen !== 'clear' && <ClientCertificate value={value} path={path} client={client} onChange={onChange} />}
    </fieldset>
  );
}
