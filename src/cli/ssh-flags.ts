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

/** Where it is after an edit: as it was, with another host key, or another one. */
export function editedSsh(before: Ssh | null, flags: SshFlags): Ssh | null {
  if (flags.ssh !== undefined || before === null) return sshOf(flags);
  return flags.sshHostKey === undefined ? before : { ...before, hostKeySha256: flags.sshHostKey };
}

/** How to get into it. `secret`: its password, or the passphrase of the key. `flag`: the one that gives it. */
export function tunnelLoginOf(sshKeyFile: string | undefined, secret: string | undefined, flag: string): TunnelLogin {
  if (sshKeyFile === undefined) {
    if (secret === undefined) throw new UsageError(`Say how to get into the SSH server: --ssh-key-file, or ${flag}.`);
    return { password: secret };
  }
  const privateKey = readNamed('--ssh-key-file', sshKeyFile);
  return secret === undefined ? { privateKey } : { privateKey, passphrase: secret };
}
