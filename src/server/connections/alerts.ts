import type { Alert } from '../../contract/connections.ts';
import type { ConnectionRow } from './connection-store.ts';
import { type CertificateChange, otherServer, type ServerFound } from './same-server.ts';

/** What a person should look at, of what was found by itself. */
export function alertsOf(row: ConnectionRow): Alert[] {
  const alerts: Alert[] = [];
  if (row.server_found !== null) {
    const { at, server } = JSON.parse(row.server_found) as ServerFound;
    alerts.push({ code: 'server.changed', since: at, text: otherServer(row, server).message });
  }
  if (row.certificate_change !== null) {
    const { at, before } = JSON.parse(row.certificate_change) as CertificateChange;
    const text = `The server shows another certificate than before. It is vouched for, so that it is used. The one before had the SHA-256 fingerprint ${before}.`;
    alerts.push({ code: 'tls.changed', since: at, text });
  }
  if (row.health === 'changed' && row.health_since !== null) {
    const since = row.health_since;
    if (row.health_fault === 'tls.changed')
      alerts.push({
        code: 'tls.changed',
        since,
        text: 'The server shows another certificate than the pinned one. Nothing was sent to it.',
      });
    if (row.health_fault === 'tunnel.changed')
      alerts.push({
        code: 'tunnel.changed',
        since,
        text: 'The SSH server shows another key than the confirmed one. Nothing was sent to it.',
      });
  }
  return alerts;
}
