import { z } from 'zod';
import type { Call, Client } from '../contract/client.ts';
import type { Connection } from '../contract/connections.ts';
import { type EngineDescription, Ssh } from '../contract/engines.ts';
import { UsageError } from './failure.ts';
import { type LimitFlags, limitsOf } from './limit-flags.ts';
import { credentialsOf, type LoginFlags } from './login-input.ts';
import { type PlaceFlags, partsOf, refuseUnfit } from './place-flags.ts';
import { editedSsh } from './ssh-flags.ts';
import { editedTls } from './tls-flags.ts';

type Edit = NonNullable<Call<'editDbConnection'>['body']>;
type About = Pick<Edit, 'name' | 'description' | 'environment' | 'visibility'>;
const Encryption = z.record(z.string(), z.string());

/** The flags that say what is to be another. */
export interface EditFlags extends About, PlaceFlags, LoginFlags, LimitFlags {
  readonly purpose?: NonNullable<Edit['purpose']> | 'none';
  readonly direct?: true;
  readonly reason?: string;
}

const placeFlags = ['file', 'host', 'port', 'database', 'sid', 'tls', 'caFile', 'clientCertFile', 'ssh', 'sshHostKey', 'direct'] as const;
const loginFlags = ['username', 'passwordStdin', 'clientKeyFile', 'sshKeyFile', 'sshPasswordStdin'] as const;

/** What an edit changes of a connection. A new address comes with the credential, which is asked for again. */
export async function editOf(client: Client, connection: Connection, flags: EditFlags): Promise<Edit> {
  const about = aboutOf(flags);
  if (placeFlags.some((flag) => flags[flag] !== undefined)) return { ...about, ...(await moveOf(client, connection, flags)) };
  if (loginFlags.some((flag) => flags[flag] !== undefined))
    throw new UsageError(
      'A login is edited with its address alone. For another one at the same address: `portcullis connection credential set`.',
    );
  if (flags.reason !== undefined) throw new UsageError('--reason goes with --tls disable.');
  if (Object.keys(about).length === 0) throw new UsageError('Say what to change, such as --name or --max-rows: --help lists all of it.');
  return about;
}

function aboutOf(flags: EditFlags): Edit {
  const { name, description, environment, visibility } = flags;
  const purpose = flags.purpose === 'none' ? null : flags.purpose;
  const given = { name, purpose, description, environment, visibility, limits: limitsOf(flags) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function moveOf(
  client: Client,
  connection: Connection,
  flags: EditFlags,
): Promise<Pick<Edit, 'address' | 'credentials' | 'acknowledge'>> {
  const engine = (await client.listEngines()).items.find(({ id }) => id === connection.dbType);
  if (!engine) throw new UsageError(`This server does not know databases of type ${connection.dbType}.`);
  refuseUnfit(engine, flags);
  const address = addressOf(engine, connection, flags);
  // Another place is another decision: what was acknowledged of the one before is not said of this one.
  const acknowledge = flags.reason === undefined ? {} : { acknowledge: [{ code: 'tls.disabled' as const, reason: flags.reason }] };
  if (engine.credentials.length === 0) return { address, ...acknowledge };
  const credentials = await credentialsOf(flags, Boolean(address.ssh), connection.usernames.readOnly);
  return { address, credentials, ...acknowledge };
}

/** What stands, with what was given in its place. */
function addressOf(engine: EngineDescription, { address: before }: Connection, flags: EditFlags): NonNullable<Edit['address']> {
  const address = { ...before };
  for (const [part, value] of Object.entries(partsOf(flags))) {
    if (value !== undefined && engine.address.some(({ name }) => name === part)) address[part] = value;
  }
  for (const { name, widget } of engine.address) {
    if (widget === 'tls') address[name] = editedTls(Encryption.parse(before[name]), flags);
    if (widget === 'ssh') address[name] = sshOf(before[name] ? Ssh.parse(before[name]) : null, flags);
  }
  return address;
}

function sshOf(before: Ssh | null, flags: EditFlags): Ssh | null {
  if (!flags.direct) return editedSsh(before, flags);
  if (flags.ssh !== undefined || flags.sshHostKey !== undefined)
    throw new UsageError('--direct is without an SSH server: leave --ssh out.');
  return null;
}
