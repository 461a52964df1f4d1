import type { Acknowledgement, Address, Connection, TestInput } from '../../../contract/connections.ts';
import type { EngineDescription, EngineId, Field } from '../../../contract/engines.ts';
import { type LimitsDraft, limitsDraftOf } from './limits-draft.ts';

/** What has been entered so far. The password lives here, in the page's memory, until it is sent; nowhere else. */
export interface Draft {
  readonly dbType: EngineId | null;
  readonly mode: 'guided' | 'connection_string';
  readonly address: Address;
  readonly credentials: Readonly<Record<string, string>>;
  /** Why the wire may be in the clear; asked of Admins. */
  readonly tlsReason: string;
  readonly name: string;
  readonly purpose: Connection['purpose'];
  readonly description: string;
  readonly environment: Connection['environment'];
  readonly visibility: Connection['visibility'];
  /** Asked only of what is registered already. */
  readonly limits: LimitsDraft;
}

/** What a test is about: a change here makes it worthless. What the connection is called is not part of it. */
export type Tested = Pick<Draft, 'dbType' | 'address' | 'credentials' | 'tlsReason'>;

export const emptyDraft: Draft = {
  dbType: null,
  mode: 'guided',
  address: {},
  credentials: {},
  tlsReason: '',
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
    tlsReason: '',
  };
}

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

/** Whether the form says that the wire is not to be encrypted. */
export function isInTheClear(draft: Draft, engine: EngineDescription): boolean {
  const field = engine.address.find(({ widget }) => widget === 'tls');
  const tls = field && draft.address[field.name];
  return typeof tls === 'object' && tls !== null && 'mode' in tls && tls.mode === 'disable';
}

/** The part of a request that says where and how to get in. */
export function targetOf(
  draft: Draft,
  engine: EngineDescription,
): Required<Pick<TestInput, 'address' | 'credentials'>> & { acknowledge: Acknowledgement[] } {
  const { address, credentials } = asked(draft, engine);
  const { username = '', password = '' } = credentials;
  const reason = draft.tlsReason.trim();
  const acknowledge: Acknowledgement[] = reason && isInTheClear(draft, engine) ? [{ code: 'tls.disabled', reason }] : [];
  // What has no login takes none: an empty one would be refused.
  return { address, credentials: engine.credentials.length === 0 ? {} : { readOnly: { username, password } }, acknowledge };
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
  return changed.length === 0 && tested.tlsReason !== draft.tlsReason ? ['reason'] : changed;
}
