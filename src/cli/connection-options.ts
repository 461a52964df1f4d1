import type { Command } from 'commander';
import { Environment, Visibility } from '../contract/connections.ts';
import { number, oneOf } from './command.ts';

/** Adds the options that say where a database is. */
export const withPlace = (command: Command): Command =>
  command
    .optionsGroup('Where it is:')
    .option('--file <name>', 'of a database that is a file: its name in the folder that the server keeps')
    .option('--host <host>', 'host name or address')
    .option('--port <port>', 'the port', number(1, 65_535))
    .option('--database <name>', 'the database, or the service of engines that have services')
    .option('--sid', '--database names an old SID in place of a service')
    .optionsGroup('Encryption:')
    .option('--tls <how>', 'verify-full, pinned:<sha256> or disable')
    .option('--ca-file <path>', 'the certificate of the CA that signed the server’s, as PEM')
    .option('--client-cert-file <path>', 'the certificate that we show to the server, as PEM')
    .option('--reason <text>', 'why --tls disable, where that has to be acknowledged by an Admin')
    .optionsGroup('SSH tunnel:')
    .option('--ssh <user@host:port>', 'reach it through this SSH server')
    .option('--ssh-host-key <SHA256:…>', 'its host key; without it a test says which key it shows, and stops');

/** Adds the options that say how to get into the SSH server. */
export const withTunnelLogin = (command: Command): Command =>
  command
    .option('--ssh-key-file <path>', 'a private key that gets into the SSH server')
    .option('--ssh-password-stdin', 'take its password (or the passphrase of the key) from stdin, after the password of the login');

/** Adds the options that say how to get into the database. */
export const withLogin = (command: Command): Command =>
  command
    .optionsGroup('Login:')
    .option('--username <name>', 'a login that can read, and should not be able to write')
    .option('--password-stdin', 'take its password from stdin')
    .option('--client-key-file <path>', 'the private key of --client-cert-file, as PEM');

/** Adds the options that say what it is. `purposes`: what --purpose takes. */
export const withAbout = (command: Command, purposes: readonly string[]): Command =>
  command
    .optionsGroup('What it is:')
    .option('--name <alias>', 'its alias')
    .option('--purpose <purpose>', purposes.join(', '), oneOf(purposes))
    .option('--description <text>', 'what this data is for; it helps the search')
    .option('--environment <environment>', Environment.options.join(', '), oneOf(Environment.options))
    .option('--visibility <visibility>', Visibility.options.join(', '), oneOf(Visibility.options));
