import type { TunnelLogin } from '../contract/connections.ts';
import type { Ssh } from '../contract/engines.ts';
import { UsageError } from './failure.ts';
import { readNamed } from './secret-file.ts';

/** The flags about an SSH tunnel. */
export interface SshFlags {
  readonly ssh?: string;
  readonly sshHostKey?: string;
  readonly sshKeyFile?: string;
  readonly sshPasswordStdin?: true;
}

/** Where the SSH server is: --ssh user@host[:port] and --ssh-host-key SHA256:…; null without --ssh. */
export function sshOf({ ssh, sshHostKey }: SshFlags): Ssh | null {
  if (ssh === undefined) {
    if (sshHostKey !== undefined) throw new UsageError('--ssh-host-key goes with --ssh user@host.');
    return null;
  }
  const found = /^(?<user>[^@]+)@(?<host>\[[^\]]+\]|[^@:]+)(?::(?<port>\d{1,5}))?$/.exec(ssh)?.groups;
  if (!found) throw new UsageError('--ssh must be user@host or user@host:port.');
  const { user = '', host = '', port = '22' } = found;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port), user, hostKeySha256: sshHostKey ?? null };
}

/** How to get into it. `secret`: the line of stdin that is its password, or the passphrase of the key. */
export function tunnelLoginOf({ ssh, sshKeyFile }: SshFlags, secret: string | undefined): TunnelLogin | null {
  if (ssh === undefined) return null;
  if (sshKeyFile === undefined) {
    if (secret === undefined) throw new UsageError('Say how to get into the SSH server: --ssh-key-file, or --ssh-password-stdin.');
    return { password: secret };
  }
  const privateKey = readNamed('--ssh-key-file', sshKeyFile);
  return secret === undefined ? { privateKey } : { privateKey, passphrase: secret };
}
