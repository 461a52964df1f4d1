import { z } from 'zod';
import type { Connection } from '../../../contract/connections.ts';
import { Ssh, Tls } from '../../../contract/engines.ts';

const Way = z.object({ ssh: Ssh.nullish(), tls: Tls.nullish() });

/** The SSH server that a database is reached through; null where there is none. */
export const sshIn = ({ address }: Connection): Ssh | null => Way.safeParse(address).data?.ssh ?? null;

/** Whether a client certificate is shown, whose key belongs to the credential. */
export function showsCertificate({ address }: Connection): boolean {
  const tls = Way.safeParse(address).data?.tls;
  return tls?.mode !== undefined && tls.mode !== 'disable' && tls.clientCertificate !== undefined;
}
