import type { Call, Client } from '../contract/client.ts';
import { Environment, Visibility } from '../contract/connections.ts';
import type { EngineDescription, EngineId, Field } from '../contract/engines.ts';
import { readConnectionString } from '../server/engines/strings.ts';
import { askEncryption } from './ask-encryption.ts';
import { UsageError } from './failure.ts';
import { flagOf } from './field-flags.ts';
import { credentialsOf, type LoginFlags } from './login-input.ts';
import { type PlaceFlags, partsOf, refuseUnfit } from './place-flags.ts';
import { askChoice, askText, type Check, interactive, notEmpty, readStdin } from './questions.ts';
import { sshOf } from './ssh-flags.ts';
import { tlsOf } from './tls-flags.ts';

type About = Pick<Call<'createDbConnection'>['body'], 'name' | 'purpose' | 'description' | 'environment' | 'visibility'>;
type Target = Pick<Call<'createDbConnection'>['body'], 'dbType' | 'mode' | 'address' | 'connectionString' | 'credentials' | 'acknowledge'>;

/** The flags that say where a database is, how to get in and what it is. */
export interface ConnectionFlags extends Partial<About>, PlaceFlags, LoginFlags {
  readonly type?: EngineId;
  readonly string?: string;
  readonly fromStdin?: true;
  readonly reason?: string;
}

// Whoever gave none of these wants to be led through the form.
const guided = (flags: ConnectionFlags): boolean =>
  interactive() &&
  flags.file === undefined &&
  flags.host === undefined &&
  flags.database === undefined &&
  flags.string === undefined &&
  !flags.fromStdin;

/** Where the database is and how to get in: by flags, by questions, or by a connection string that the server reads. */
export async function targetOf(client: Client, flags: ConnectionFlags): Promise<Target> {
  refuseWrongMix(flags);
  const text = flags.fromStdin ? (await readStdin()).trim() : flags.string?.trim();
  if (text === '') throw new UsageError(`${flags.fromStdin ? 'stdin' : '--string'} is empty: it must hold a connection string.`);
  const engine = await engineOf(client, flags, text);
  const dbType = engine.id;
  if (text !== undefined)
    return { dbType, acknowledge: acknowledged(flags), mode: 'connection_string', ...(await byString(engine, flags, text)) };
  refuseUnfit(engine, flags);
  const parts = await partsOfAddress(engine, flags);
  const full = guided(flags) ? await askEncryption(engine, flags) : flags;
  const address = { ...parts, ...waysOf(engine, full) };
  // What has no login is not asked for one.
  const credentials = engine.credentials.length === 0 ? {} : { credentials: await credentialsOf(flags, flags.ssh !== undefined) };
  return { dbType, acknowledge: acknowledged(full), mode: 'guided', address, ...credentials };
}

const acknowledged = ({ reason }: ConnectionFlags) => (reason === undefined ? [] : [{ code: 'tls.disabled' as const, reason }]);

/** What it is called and what it is for. */
export async function aboutOf(flags: ConnectionFlags): Promise<About> {
  const name = flags.name ?? (await askText('Alias', '--name', '', notEmpty('Alias')));
  const { purpose = null } = flags;
  if (!guided(flags)) {
    const { description = '', environment = 'other', visibility = 'private' } = flags;
    return { name, purpose, description, environment, visibility };
  }
  return {
    name,
    purpose,
    description: flags.description ?? (await askText('What is this data for? It helps the search (may be empty)', '--description')),
    environment: flags.environment ?? (await askChoice('Environment', Environment.options, 'other')),
    visibility: flags.visibility ?? (await askChoice('Who may see it', Visibility.options, 'private')),
  };
}

/** The engine that was named, or that a connection string is of. */
async function engineOf(client: Client, flags: ConnectionFlags, text?: string): Promise<EngineDescription> {
  const { items } = await client.listEngines();
  const wanted = flags.type ?? (text === undefined ? undefined : readConnectionString(text)?.dbType);
  if (wanted === undefined && text !== undefined && !interactive())
    throw new UsageError(
      `This is no connection string that we know. Say what it is of with --type: ${items.map((one) => one.id).join(', ')}.`,
    );
  const id =
    wanted ??
    (interactive()
      ? await askChoice(
          'Type of database',
          items.map((one) => one.id),
        )
      : undefined);
  const found = items.find((one) => one.id === id);
  if (!found) throw new UsageError(`Give --type: this server knows ${items.map((one) => one.id).join(', ')}.`);
  return found;
}

/** How it is encrypted and tunnelled. */
function waysOf(engine: EngineDescription, flags: ConnectionFlags): NonNullable<Target['address']> {
  const ways: NonNullable<Target['address']> = {};
  for (const { name, widget } of engine.address) {
    if (widget === 'tls') ways[name] = tlsOf(flags);
    if (widget === 'ssh') ways[name] = sshOf(flags);
  }
  return ways;
}

async function partsOfAddress(engine: EngineDescription, flags: ConnectionFlags): Promise<NonNullable<Target['address']>> {
  const given = partsOf(flags);
  const address: NonNullable<Target['address']> = {};
  for (const field of engine.address.toSorted((a, b) => a.order - b.order)) {
    if (field.when && !field.when.in.some((value) => value === address[field.when?.field ?? ''])) continue;
    if (field.widget === 'tls' || field.widget === 'ssh') continue;
    address[field.name] = given[field.name] ?? (await fieldOf(field, guided(flags)));
  }
  return address;
}

async function fieldOf(field: Field, asked: boolean): Promise<string | number> {
  const initial = typeof field.initial === 'string' || typeof field.initial === 'number' ? String(field.initial) : '';
  const text =
    !asked && (initial !== '' || !field.required) ? initial : await askText(field.title, flagOf(field.name), initial, checkOf(field));
  return field.widget === 'number' ? Number(text) : text;
}

const checkOf =
  ({ title, required, widget }: Field): Check =>
  (answer) => {
    const missing = required ? notEmpty(title)(answer) : undefined;
    return missing ?? (widget === 'number' && !/^\s*\d+\s*$/.test(answer) ? `${title}: must be a number.` : undefined);
  };

// What other programs can read in the list of processes must hold no secret: anything that looks like one is refused.
const looksSecret = /:\/\/[^/\s@]*:[^\s]*@|(pass\w*|pwd)["']?\s*[=:]|^[^\s/:@]+\/[^\s/@]+@/i;

/** Refuses flags that do not go together, before anything is asked of the server or the person. */
function refuseWrongMix(flags: ConnectionFlags): void {
  if (!flags.fromStdin && flags.string === undefined) return;
  const { file, host, port, database, tls } = flags;
  for (const [flag, value] of Object.entries({
    file,
    host,
    port,
    database,
    tls,
    'ca-file': flags.caFile,
    'client-cert-file': flags.clientCertFile,
    ssh: flags.ssh,
  }))
    if (value !== undefined) throw new UsageError(`--${flag} does not go with a connection string, which says it itself.`);
  if (flags.string !== undefined && (looksSecret.test(flags.string) || readConnectionString(flags.string)?.credentials.password))
    throw new UsageError(
      '--string seems to hold a password, which others on this machine could read: pipe the string in with --from-stdin.',
    );
  if (flags.fromStdin && (flags.string !== undefined || flags.passwordStdin || flags.username !== undefined))
    throw new UsageError('--from-stdin takes the whole string with its login: leave --string, --username and --password-stdin out.');
}

async function byString(
  engine: EngineDescription,
  flags: ConnectionFlags,
  connectionString: string,
): Promise<Pick<Target, 'connectionString' | 'credentials'>> {
  if (flags.fromStdin || engine.credentials.length === 0) return { connectionString };
  return { connectionString, credentials: await credentialsOf(flags, false) };
}
