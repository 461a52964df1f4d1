import type { EngineId, ParsedString, StringParameter, Tls } from '../../contract/engines.ts';

/** The fields of the form that a string can fill; what names the database is a service in some worlds. */
export type Place = 'host' | 'port' | 'database' | 'username' | 'password';

/** What differs between the engines whose strings are read. */
export interface World {
  readonly dbType: EngineId;
  /** The usual port. */
  readonly port: number;
  /** The field of the address that says which database, and how the form calls it. */
  readonly database: { readonly field: string; readonly title: string };
  /** Judges one named parameter by the allow-list: fills a field, notes the encryption, or lists it as not needed or blocked. */
  judge(draft: Draft, name: string, value: string): void;
}

/** What has been read of a pasted string so far. */
export interface Draft {
  readonly world: World;
  readonly values: Partial<Record<Place, string>>;
  tls: Tls;
  /** What the string itself said of encryption. */
  encryption: 'unsaid' | 'on' | 'off';
  /** Fields of the address that only this engine has. */
  readonly extra: Record<string, unknown>;
  /** Whether the text can be read in several ways: then a value may be a part of the password, and none is shown. */
  readonly doubtful: boolean;
  /** Why the usual port must not be taken where the string names none, and what to do; null where it may be. */
  portUnknown: string | null;
  readonly parameters: StringParameter[];
  readonly problems: { field: string | null; message: string }[];
}

const titles: Record<Exclude<Place, 'database'>, string> = { host: 'Host', port: 'Port', username: 'Username', password: 'Password' };

/** The field of the form, as a problem names it. */
export const pathOf = ({ world }: Draft, place: Place): string =>
  place === 'username' || place === 'password'
    ? `credentials.readOnly.${place}`
    : `address.${place === 'database' ? world.database.field : place}`;

/** An empty draft, encrypted and verified unless the string says otherwise. */
export const newDraft = (world: World, doubtful = false): Draft => ({
  world,
  values: {},
  tls: { mode: 'verify-full' },
  encryption: 'unsaid',
  extra: {},
  doubtful,
  portUnknown: null,
  parameters: [],
  problems: [],
});

/** Lists what became of a parameter. */
export function list(draft: Draft, name: string, value: string | null, use: StringParameter['use'], reason: string): void {
  draft.parameters.push({ name, value: draft.doubtful ? null : value, use, reason });
}

/** Notes what keeps the string from being used. */
export function problem(draft: Draft, place: Place | null, message: string): void {
  draft.problems.push({ field: place && pathOf(draft, place), message });
}

/** Fills a field of the form; what stands first stays, so that nothing further on can quietly replace the host that is shown. */
export function fill(draft: Draft, place: Place, value: string, name: string = place): void {
  // What cannot be a host may be a login and a host that were not parted.
  const shown = place === 'password' || (place === 'host' && !/^[\p{L}\p{N}._:,%[\]/\\-]+$/u.test(value)) ? null : value;
  if (value === '') return;
  if (place === 'host' && /^[/@\\]/.test(value)) {
    list(draft, name, shown, 'blocked', 'would open a socket file on the gateway');
    problem(draft, 'host', 'The string names a socket file: give a host name or an address.');
  } else if (draft.values[place] !== undefined) {
    list(draft, name, shown, 'blocked', `would replace the ${place} that stands earlier in the string`);
  } else {
    draft.values[place] = value;
    const title = place === 'database' ? draft.world.database.title : titles[place];
    list(draft, name, shown, 'used', `Fills the field ${title}${place === 'password' ? '; not shown' : ''}`);
  }
}

function checkHost(draft: Draft, host: string): string | undefined {
  if (host.includes(',')) {
    problem(draft, 'host', 'The string names several hosts: give the one to connect to.');
    return undefined;
  }
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!/^[\p{L}\p{N}._:-]+(%[\w.-]+)?$/u.test(bare)) problem(draft, 'host', 'This is not a host name or an address.');
  return bare;
}

function checkPort(draft: Draft, port: string | undefined): number | undefined {
  const usual = draft.world.port;
  if (port === undefined) {
    if (draft.portUnknown !== null) {
      problem(draft, 'port', draft.portUnknown);
      return undefined;
    }
    draft.parameters.push({ name: 'port', value: String(usual), use: 'used', reason: 'Not in the string: the usual port' });
    return usual;
  }
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number <= 65_535) return number;
  const several = port.includes(',');
  problem(draft, 'port', several ? 'The string names several ports: give one.' : 'The port must be a number from 1 to 65535.');
  return undefined;
}

/** The draft as the form takes it: checked, and with nothing filled in from elsewhere but the usual port. */
export function finish(draft: Draft, alternatives: readonly ParsedString[] = []): ParsedString {
  const { host, port, database, username, password } = draft.values;
  for (const [place, value] of Object.entries(draft.values)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (/[\u0000-\u001f\u007f]/.test(value)) problem(draft, place as Place, `The ${place} holds a control character.`);
  }
  const address: Record<string, unknown> = { ...draft.extra, tls: draft.tls, ssh: null };
  const bare = host === undefined ? undefined : checkHost(draft, host);
  const number = checkPort(draft, port);
  if (bare !== undefined) address.host = bare;
  if (number !== undefined) address.port = number;
  if (database !== undefined) address[draft.world.database.field] = database;
  const credentials: Record<string, string> = {};
  if (username !== undefined) credentials.username = username;
  if (password !== undefined) credentials.password = password;
  const { parameters, problems } = draft;
  return { dbType: draft.world.dbType, address, credentials, parameters, problems, alternatives };
}

/** Several ways to read one text, the likeliest first. */
export function finishAll([best, ...others]: readonly [Draft, ...Draft[]], alternatives: readonly ParsedString[] = []): ParsedString {
  return finish(best, [...others.map((draft) => finish(draft)), ...alternatives]);
}

/** A text that cannot be read at all, and what to do about it. */
export function unreadable(world: World, message: string): Draft {
  const draft = newDraft(world);
  problem(draft, null, message);
  return draft;
}
