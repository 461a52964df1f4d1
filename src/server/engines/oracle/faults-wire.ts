import type { Explanation, Manner } from '../network/explanation.ts';

/** How Oracle is called in what people read. */
export const manner: Manner = {
  label: 'Oracle Net',
  defaultPort: 'the default of Oracle is 1521, with TLS usually 2484',
  listening: 'listener.ora',
  encrypting: 'a listener address with PROTOCOL = TCPS and a wallet',
  tlsVersions: 'raise SSL_VERSION in sqlnet.ora on the server',
};

const rows: Readonly<Record<string, Explanation>> = {
  redirected: {
    code: 'network.forbidden',
    stage: 'database',
    field: 'address.host',
    happened: 'The listener sends us on to another address (REDIRECT). Portcullis dials only the address that was given and judged.',
    tryThis: [
      'Give the address to which it leads: that of the instance’s own listener (the VIP of a node) instead of the SCAN name of a cluster.',
      'For shared servers, let the listener be the dispatchers’ own, or give a service with dedicated servers.',
      'Or put a connection manager before the database that keeps clients on its own address.',
    ],
  },
  refused: {
    code: 'protocol.mismatched',
    stage: 'database',
    field: 'address.service',
    happened: 'The listener refused the connection without saying why.',
    tryThis: ['Look at the listener’s log.', 'Check the port and the service.'],
  },
  not_ours: {
    code: 'internal.failed',
    stage: 'auth',
    field: null,
    happened: 'The connection within this machine, from the driver to Portcullis, was not as it should be.',
    tryThis: ['Try again. If it goes on, look at what else runs on the server of Portcullis.'],
  },
};

/** What a code of our own wire means, where it is of this protocol alone. */
export const explainWire = (code: string): Explanation | null => (Object.hasOwn(rows, code) ? (rows[code] ?? null) : null);
