import type { EngineDescription, Field } from '../../../contract/engines.ts';
import { askedFields, type Draft, hasClientCertificate, hasTunnel, isInTheClear, isOnThisMachine, pathOf, problemsOf } from './draft.ts';
import { mistakesInSsh, mistakesInTunnel } from './tunnel-draft.ts';

/** A mistake that can be seen without asking the server. */
export interface Mistake {
  readonly path: string;
  readonly message: string;
}

const empty = (value: unknown): boolean => value === null || value === undefined || value === '';

/** What is wrong with the value of a field, as far as its schema says; the server says the rest. */
export function mistakeIn(field: Field, value: unknown): string | null {
  if (empty(value))
    return field.required ? `Enter the ${/^[A-Z][a-z]/.test(field.title) ? field.title.toLowerCase() : field.title}.` : null;
  const { schema } = field;
  const number = (key: string) => (typeof schema[key] === 'number' ? schema[key] : null);
  if (field.widget === 'number') {
    if (typeof value !== 'number' || !Number.isInteger(value)) return `${field.title} must be a whole number.`;
    const [least, most] = [number('minimum'), number('maximum')];
    if ((least !== null && value < least) || (most !== null && value > most))
      return `${field.title} must be between ${least ?? 0} and ${most ?? 'any'}.`;
  }
  if (typeof value === 'string') {
    const most = number('maxLength');
    if (most !== null && value.length > most) return `${field.title} may have ${most} characters at most.`;
  }
  return field.widget === 'tls' ? mistakeInTls(value) : null;
}

function mistakeInTls(value: unknown): string | null {
  const { mode, ca, sha256, clientCertificate } = value as Record<'mode' | 'ca' | 'sha256' | 'clientCertificate', string | undefined>;
  if (mode === 'verify-full' && ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    return 'Paste the certificate of your CA, from BEGIN CERTIFICATE to END CERTIFICATE.';
  if (mode === 'pinned' && !/^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i.test(sha256 ?? ''))
    return 'Enter the SHA-256 fingerprint: 64 hexadecimal digits.';
  if (clientCertificate !== undefined && !clientCertificate.includes('-----BEGIN CERTIFICATE-----'))
    return 'Paste the certificate of the client, from BEGIN CERTIFICATE to END CERTIFICATE.';
  return null;
}

/** What a field says of its value at once, without calling it wrong. */
export function warningFor(field: Field, value: unknown): string | null {
  if (empty(value)) return null;
  return field.warnings.find(({ pattern }) => new RegExp(pattern, 'iu').test(String(value)))?.text ?? null;
}

/** What is wrong with the pasted string, at the field that each is about, or at the string itself. */
export function mistakesInString(draft: Draft): Mistake[] {
  const byPath = Map.groupBy(problemsOf(draft), ({ field }) => field ?? 'connectionString');
  return [...byPath].map(([path, problems]) => ({ path, message: problems.map(({ message }) => message).join(' ') }));
}

/** What is missing of the keys and logins that depend on what the address holds. */
function mistakesInWay(draft: Draft, engine: EngineDescription): Mistake[] {
  const ssh = engine.address.find(({ widget }) => widget === 'ssh');
  const keyless = hasClientCertificate(draft, engine) && draft.clientKey === '';
  const unexplained = isInTheClear(draft, engine) && !isOnThisMachine(draft) && draft.tlsReason.trim().length < 3;
  return [
    ...(unexplained
      ? [{ path: 'acknowledge', message: 'Enter why it may be in the clear: the password and every answer can be read on the way.' }]
      : []),
    ...(keyless ? [{ path: 'credentials.readOnly.clientKey', message: 'Paste the private key of the certificate.' }] : []),
    ...(ssh && hasTunnel(draft, engine)
      ? [...mistakesInSsh(pathOf('address', ssh), draft.address[ssh.name]), ...mistakesInTunnel(draft.tunnel)]
      : []),
  ];
}

/** Every mistake in what a test needs: those of the pasted string, then those of the fields in the order of the form. */
export function mistakesIn(draft: Draft, engine: EngineDescription): Mistake[] {
  const ofString = mistakesInString(draft);
  const values = { ...draft.address, ...draft.credentials };
  const of = (group: 'address' | 'credentials', fields: readonly Field[]) =>
    askedFields(fields, values).map((field) => ({ path: pathOf(group, field), message: mistakeIn(field, draft[group][field.name]) }));
  // Where a client key alone gets in, a password may be missing.
  const keyAlone = engine.keyAlone === true && hasClientCertificate(draft, engine) && draft.clientKey !== '';
  const login = of('credentials', engine.credentials).filter(({ path }) => !(keyAlone && path === 'credentials.readOnly.password'));
  const ofFields = [...of('address', engine.address), ...mistakesInWay(draft, engine), ...login].filter(
    (found): found is Mistake => found.message !== null && !ofString.some(({ path }) => path === found.path),
  );
  return [...ofString, ...ofFields];
}
