import type { EngineDescription } from '../contract/engines.ts';
import { UsageError } from './failure.ts';
import type { SshFlags } from './ssh-flags.ts';
import type { TlsFlags } from './tls-flags.ts';

/** The flags that say where a database is. */
export interface PlaceFlags extends TlsFlags, SshFlags {
  readonly file?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly sid?: true;
}

/** What was given of an address, by the names that engines give its parts. */
export const partsOf = ({ file, host, port, database, sid }: PlaceFlags): Readonly<Record<string, string | number | undefined>> => ({
  file,
  host,
  port,
  database,
  // What some engines have in place of databases, and what kind of name it is.
  service: database,
  naming: sid ? 'sid' : undefined,
});

/** Refuses flags that say nothing about a database of this kind, so that none is passed over in silence. */
export function refuseUnfit(engine: EngineDescription, flags: PlaceFlags): void {
  const fits = (...names: readonly string[]): boolean => engine.address.some(({ name }) => names.includes(name));
  const checks: readonly (readonly [string, unknown, boolean])[] = [
    ['--file', flags.file, fits('file')],
    ['--host', flags.host, fits('host')],
    ['--port', flags.port, fits('port')],
    ['--database', flags.database, fits('database', 'service')],
    ['--sid', flags.sid, fits('naming')],
    ['--tls', flags.tls, fits('tls')],
    ['--ca-file', flags.caFile, fits('tls')],
    ['--client-cert-file', flags.clientCertFile, fits('tls')],
    ['--ssh', flags.ssh, fits('ssh')],
    ['--ssh-host-key', flags.sshHostKey, fits('ssh')],
  ];
  const wrong = checks.find(([, value, fit]) => value !== undefined && !fit);
  if (wrong) throw new UsageError(`${wrong[0]} says nothing about a database of type ${engine.id}: leave it out.`);
}
