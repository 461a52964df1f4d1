import type { Call } from '../contract/client.ts';
import type { TunnelLogin } from '../contract/connections.ts';
import { UsageError } from './failure.ts';
import { askSecret, askText, interactive, notEmpty, readSecretLines } from './questions.ts';
import { readNamed } from './secret-file.ts';
import { type SshFlags, tunnelLoginOf } from './ssh-flags.ts';

type Credentials = NonNullable<Call<'createDbConnection'>['body']['credentials']>;
type Login = NonNullable<Credentials['readOnly']>;

/** The flags that say how to get in. */
export interface LoginFlags extends SshFlags {
  readonly username?: string;
  readonly passwordStdin?: true;
  readonly clientKeyFile?: string;
}

/**
 * The login and, `through` an SSH server, what gets into that: secrets of stdin are lines, in this order. `known`: the username that stands where
 * no other is given.
 */
export async function credentialsOf(flags: LoginFlags, through: boolean, known: string | null = null): Promise<Credentials> {
  if (!through && (flags.sshKeyFile !== undefined || flags.sshPasswordStdin))
    throw new UsageError('--ssh-key-file and --ssh-password-stdin go with an SSH server: --ssh user@host.');
  const username = await usernameOf(flags, known);
  const lines = await linesOf([flags.passwordStdin, flags.sshPasswordStdin]);
  const readOnly = await loginOf(flags, username, flags.passwordStdin ? lines.shift() : undefined);
  return through ? { readOnly, tunnel: await tunnelOf(flags, lines.shift()) } : { readOnly };
}

/** The login of the database alone. */
export async function databaseLoginOf(flags: LoginFlags, known: string | null): Promise<Login> {
  const username = await usernameOf(flags, known);
  return loginOf(flags, username, (await linesOf([flags.passwordStdin]))[0]);
}

/** The login of the SSH server alone, whose secret is what --password-stdin gives. */
export async function sshLoginOf(flags: LoginFlags): Promise<TunnelLogin> {
  return tunnelOf(flags, (await linesOf([flags.passwordStdin]))[0], '--password-stdin');
}

const usernameOf = async (flags: LoginFlags, known: string | null): Promise<string> =>
  flags.username ?? known ?? (await askText('Username', '--username', '', notEmpty('Username')));

async function linesOf(flags: readonly (true | undefined)[]): Promise<string[]> {
  const count = flags.filter(Boolean).length;
  return count > 0 ? readSecretLines(count) : [];
}

async function loginOf({ clientKeyFile }: LoginFlags, username: string, line: string | undefined): Promise<Login> {
  const key = clientKeyFile === undefined ? {} : { clientKey: readNamed('--client-key-file', clientKeyFile) };
  // A key may get in alone: no password is asked for beside it.
  const password = line ?? (clientKeyFile === undefined ? await askSecret(`Password of ${username}`, '--password-stdin') : undefined);
  return { username, ...(password === undefined ? {} : { password }), ...key };
}

async function tunnelOf({ sshKeyFile }: LoginFlags, line: string | undefined, flag = '--ssh-password-stdin'): Promise<TunnelLogin> {
  const asked = line === undefined && sshKeyFile === undefined && interactive();
  return tunnelLoginOf(sshKeyFile, asked ? await askSecret('Password of the SSH server', flag) : line, flag);
}
