import type { Acknowledgement, Address, Connection, TestInput } from '../../../contract/connections.ts';
import type { EngineDescription, EngineId, Field, ParsedString } from '../../../contract/engines.ts';
import { type LimitsDraft, limitsDraftOf } from './limits-draft.ts';
import { emptyTunnel, type TunnelDraft, tunnelLogin } from './tunnel-draft.ts';

/** What has been entered so far. The password lives here, in the page's memory, until it is sent; nowhere else. */
export interface Draft {
  readonly dbType: EngineId | null;
  readonly mode: 'guided' | 'connection_string';
  readonly address: Address;
  readonly credentials: Readonly<Record<string, string>>;
  /** The private key of the client certificate in the address, where there is one. */
  readonly clientKey: string;
  /** How to get into the SSH server in the address, where there is one. */
  readonly tunnel: TunnelDraft;
  /** Why the wire may be in the clear; asked of Admins. */
  readonly tlsReason: string;
  /** What keeps the pasted string from being used, as long as nobody has mended it. */
  readonly problems: ParsedString['problems'];
  readonly name: string;
  readonly purpose: Connection['purpose'];
  readonly description: string;
  readonly environment: Connection['environment'];
  readonly visibility: Connection['visibility'];
  /** What its answers may be at the most. */
  readonly limits: LimitsDraft;
}

/** What a test is about: a change here makes it worthless. What the connection is called is not part of it. */
export type Tested = Pick<Draft, 'dbType' | 'address' | 'credentials' | 'clientKey' | 'tunnel' | 'tlsReason'>;

export const emptyDraft: Draft = {
  dbType: null,
  mode: 'guided',
  address: {},
  credentials: {},
  clientKey: '',
  tunnel: emptyTunnel,
  tlsReason: '',
  problems: [],
  name: '',
  purpose: null,
  description: '',
  environment: 'production',
  visibility: 'private',
  limits: { maxRows: '', maxBytes: '', timeoutMs: '' },
};

/** The draft for a kind of database: its fields with what they begin with. */
export function draftFor(draft: Draft, engine: EngineDescription): Draft {
  const credentials = Object.fromEntries(
    engine.credentials.map((field) => [field.name, typeof field.initial === 'string' ? field.initial : '']),
  );
  return {
    ...draft,
    dbType: engine.id,
    address: Object.fromEntries(engine.address.map((field) => [field.name, field.initial])),
    credentials,
    clientKey: '',
    tunnel: emptyTunnel,
    tlsReason: '',
    problems: [],
  };
}

/**
 * The draft for a kind of database, filled from a pasted string. Nothing of an earlier one stays where the database is said, or one's password
 * would go to the other's host; and what the string says in a way that cannot be used is left empty, not made up.
 */
export function draftRead(draft: Draft, engine: EngineDescription, { address, credentials, problems }: ParsedString): Draft {
  const fresh = draftFor(draft, engine);
  const unusable = new Set(problems.map(({ field }) => field));
  const named = (group: 'address' | 'credentials') => engine[group].filter((field) => unusable.has(pathOf(group, field)));
  return {
    ...fresh,
    mode: 'connection_string',
    address: { ...fresh.address, ...(address as Address), ...Object.fromEntries(named('address').map(({ name }) => [name, null])) },
    credentials: { ...fresh.credentials, ...credentials, ...Object.fromEntries(named('credentials').map(({ name }) => [name, ''])) },
    problems,
  };
}

/** Says of a path, such as address.host, whether a change is about it. */
export function touches(before: Draft, change: Partial<Draft>): (path: string) => boolean {
  const { address, credentials, ...rest } = change;
  const differing = (group: 'address' | 'credentials', values: Readonly<Record<string, unknown>> = {}) =>
    Object.keys(values)
      .filter((name) => values[name] !== before[group][name])
      .map((name) => pathOf(group, { name }));
  const names = [...Object.keys(rest), ...differing('address', address), ...differing('credentials', credentials)];
  if ('tlsReason' in change) names.push('acknowledge');
  if ('clientKey' in change) names.push('credentials.readOnly.clientKey');
  if ('tunnel' in change) names.push('credentials.tunnel');
  return (path) => names.some((name) => path === name || path.startsWith(`${name}.`));
}

/** The draft after a change: a field that was filled in anew is mended. */
export function draftAfter(before: Draft, change: Partial<Draft>): Draft {
  const touched = touches(before, change);
  return { ...before, problems: before.problems.filter(({ field }) => field === null || !touched(field)), ...change };
}

/** What keeps it from being tested because of the string it came from: in guided fields, what is said of the text as a whole counts no more. */
export const problemsOf = ({ mode, problems }: Draft): ParsedString['problems'] =>
  mode === 'guided' ? problems.filter(({ field }) => field !== null) : problems;

/** The draft that edits a connection. The password is not in it: it never comes back. */
export function draftOf(connection: Connection, engine: EngineDescription): Draft {
  const { dbType, mode, address, name, purpose, description, environment, visibility } = connection;
  const fresh = draftFor(emptyDraft, engine);
  const credentials = { ...fresh.credentials };
  if ('username' in credentials && connection.usernames.readOnly) credentials.username = connection.usernames.readOnly;
  const known = Object.fromEntries(engine.address.map((field) => [field.name, address[field.name] ?? field.initial]));
  const limits = limitsDraftOf(connection.limits);
  return { ...fresh, dbType, mode, address: known, credentials, name, purpose, description, environment, visibility, limits };
}

/** The fields that are asked just now, in their order: some depend on another's value. */
export function askedFields(fields: readonly Field[], values: Readonly<Record<string, unknown>>): Field[] {
  return fields
    .filter(({ when }) => when === null || when.in.some((value) => value === values[when.field]))
    .sort((a, b) => a.order - b.order);
}

/** The path by which faults name a field. */
export const pathOf = (group: 'address' | 'credentials', field: Pick<Field, 'name'>): string =>
  group === 'address' ? `address.${field.name}` : `credentials.readOnly.${field.name}`;

function asked(draft: Draft, engine: EngineDescription): { address: Address; credentials: Record<string, string> } {
  const address = Object.fromEntries(askedFields(engine.address, draft.address).map(({ name }) => [name, draft.address[name] ?? null]));
  const credentials = Object.fromEntries(
    askedFields(engine.credentials, { ...draft.address, ...draft.credentials }).map(({ name }) => [name, draft.credentials[name] ?? '']),
  );
  return { address, credentials };
}

/** The value of the field that is asked by a widget, where the engine has one. */
function widgetValue(draft: Draft, engine: EngineDescription, widget: Field['widget']): object | null {
  const field = engine.address.find((one) => one.widget === widget);
  const value = field && draft.address[field.name];
  return typeof value === 'object' && value !== null ? value : null;
}

/** Whether the form names an SSH server. */
export const hasTunnel = (draft: Draft, engine: EngineDescription): boolean => widgetValue(draft, engine, 'ssh') !== null;

/** Whether the form holds a client certificate, so that its key is asked too. */
export const hasClientCertificate = (draft: Draft, engine: EngineDescription): boolean =>
  'clientCertificate' in (widgetValue(draft, engine, 'tls') ?? {});

/** Whether the form says that the wire is not to be encrypted. */
export function isInTheClear(draft: Draft, engine: EngineDescription): boolean {
  const tls = widgetValue(draft, engine, 'tls');
  return tls !== null && 'mode' in tls && tls.mode === 'disable';
}

/** Whether the database is on the machine that Portcullis runs on; the server judges this again. */
export const isOnThisMachine = ({ address }: Pick<Draft, 'address'>): boolean =>
  Object.values(address).some((value) => typeof value === 'string' && /^(localhost\.?|127(\.\d{1,3}){3}|::1)$/i.test(value.trim()));

/** The part of a request that says where and how to get in. */
export function targetOf(
  draft: Draft,
  engine: EngineDescription,
): Required<Pick<TestInput, 'address' | 'credentials'>> & { acknowledge: Acknowledgement[] } {
  const {
    address,
    credentials: { username = '', password = '' },
  } = asked(draft, engine);
  const reason = draft.tlsReason.trim();
  const acknowledge: Acknowledgement[] = reason && isInTheClear(draft, engine) ? [{ code: 'tls.disabled', reason }] : [];
  const readOnly = {
    username,
    ...(password === '' ? {} : { password }),
    ...(hasClientCertificate(draft, engine) && draft.clientKey !== '' ? { clientKey: draft.clientKey } : {}),
  };
  // What has no login takes none: an empty one would be refused.
  const credentials = {
    ...(engine.credentials.length === 0 ? {} : { readOnly }),
    ...(hasTunnel(draft, engine) ? { tunnel: tunnelLogin(draft.tunnel) } : {}),
  };
  return { address, credentials, acknowledge };
}

/** What the connection is, apart from where: not part of a test. */
export function aboutOf({ name, purpose, description, environment, visibility }: Draft) {
  return { name: name.trim(), purpose, description: description.trim(), environment, visibility };
}

const titleInSentence = (title: string): string => (/^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title);

/** The titles of what differs between the draft that was tested and the draft as it is now. */
export function changedSince(tested: Tested, draft: Tested, engine: EngineDescription): string[] {
  if (tested.dbType !== draft.dbType) return ['kind of database'];
  const differs = (a: unknown, b: unknown) => JSON.stringify(a ?? null) !== JSON.stringify(b ?? null);
  const changed = [
    ...engine.address.filter(({ name }) => differs(tested.address[name], draft.address[name])),
    ...engine.credentials.filter(({ name }) => differs(tested.credentials[name], draft.credentials[name])),
  ].map(({ title }) => titleInSentence(title));
  if (differs(tested.clientKey, draft.clientKey)) changed.push('client key');
  if (differs(tested.tunnel, draft.tunnel)) changed.push('login of the SSH server');
  return changed.length === 0 && tested.tlsReason !== draft.tlsReason ? ['reason'] : changed;
}
