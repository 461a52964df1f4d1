import type { ParsedString, StringParameter, Tls } from '../../../contract/engines.ts';

/** The fields of the form that a string can fill. */
export type Place = 'host' | 'port' | 'database' | 'username' | 'password';

/** What has been read of a pasted string so far. */
export interface Draft {
  readonly values: Partial<Record<Place, string>>;
  tls: Tls;
  readonly parameters: StringParameter[];
  readonly problems: { field: string | null; message: string }[];
}

const paths: Record<Place, string> = {
  host: 'address.host',
  port: 'address.port',
  database: 'address.database',
  username: 'credentials.readOnly.username',
  password: 'credentials.readOnly.password',
};

const reasons: Record<Place, string> = {
  host: 'Fills the field Host',
  port: 'Fills the field Port',
  database: 'Fills the field Database',
  username: 'Fills the field Username',
  password: 'Fills the field Password; not shown',
};

/** An empty draft, encrypted and verified unless the string says otherwise. */
export const newDraft = (): Draft => ({ values: {}, tls: { mode: 'verify-full' }, parameters: [], problems: [] });

/** Lists what became of a parameter. */
export function list(draft: Draft, name: string, value: string | null, use: StringParameter['use'], reason: string): void {
  draft.parameters.push({ name, value, use, reason });
}

/** Fills a field of the form; what stands first stays, so that nothing further on can quietly replace the host that is shown. */
export function fill(draft: Draft, place: Place, value: string, name: string = place): void {
  const shown = place === 'password' ? null : value;
  if (value === '') return;
  if (place === 'host' && /^[/@\\]/.test(value)) {
    list(draft, name, shown, 'blocked', 'would open a socket file on the gateway');
    draft.problems.push({ field: paths.host, message: 'The string names a socket file: give a host name or an address.' });
  } else if (draft.values[place] !== undefined) {
    list(draft, name, shown, 'blocked', `would replace the ${place} that stands earlier in the string`);
  } else {
    draft.values[place] = value;
    list(draft, name, shown, 'used', reasons[place]);
  }
}

function checkHost(draft: Draft, host: string): string | undefined {
  if (host.includes(',')) {
    draft.problems.push({ field: paths.host, message: 'The string names several hosts: give the one to connect to.' });
    return undefined;
  }
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!/^[\p{L}\p{N}._:-]+(%[\w.-]+)?$/u.test(bare)) {
    draft.problems.push({ field: paths.host, message: 'This is not a host name or an address.' });
  }
  return bare;
}

function checkPort(draft: Draft, port: string | undefined): number | undefined {
  if (port === undefined) {
    list(draft, 'port', '5432', 'used', 'Not in the string: the usual port');
    return 5432;
  }
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number <= 65_535) return number;
  draft.problems.push({
    field: paths.port,
    message: port.includes(',') ? 'The string names several ports: give one.' : 'The port must be a number from 1 to 65535.',
  });
  return undefined;
}

/** The draft as the form takes it: checked, and with nothing filled in from elsewhere but the usual port. */
export function finish(draft: Draft, alternatives: readonly ParsedString[] = []): ParsedString {
  const { host, port, database, username, password } = draft.values;
  for (const [place, value] of Object.entries(draft.values)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (/[\u0000-\u001f\u007f]/.test(value))
      draft.problems.push({ field: paths[place as Place], message: `The ${place} holds a control character.` });
  }
  const address: Record<string, unknown> = { tls: draft.tls, ssh: null };
  const bare = host === undefined ? undefined : checkHost(draft, host);
  const number = checkPort(draft, port);
  if (bare !== undefined) address.host = bare;
  if (number !== undefined) address.port = number;
  if (database !== undefined) address.database = database;
  const credentials: Record<string, string> = {};
  if (username !== undefined) credentials.username = username;
  if (password !== undefined) credentials.password = password;
  return { dbType: 'postgresql', address, credentials, parameters: draft.parameters, problems: draft.problems, alternatives };
}

/** Percent-decoding that leaves alone what is not a valid escape, so that a password with a bare % survives. */
export function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
