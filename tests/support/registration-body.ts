import type { RegisterInput } from '../../src/contract/connections.ts';
import type { Login, PostgresServer } from './postgres.ts';

type Body = Omit<Partial<RegisterInput>, 'connectionString' | 'credentials' | 'address'> & { name: string; dbType: 'postgresql' };
let made = 0;

/** The body of a registration of a test server's database, over loopback without TLS, with what the test changes. */
export function registrationBody<T extends object>(server: PostgresServer, database: string, login: Login, over: T = {} as T) {
  const body = {
    dbType: 'postgresql',
    name: `Database ${++made}`,
    address: { host: server.host, port: server.port, database, tls: { mode: 'disable' as const }, ssh: null },
    credentials: { readOnly: { username: login.username, password: login.password } },
    acknowledge: [{ code: 'tls.disabled' as const, reason: 'a test on loopback' }],
  } satisfies Body & { address: object; credentials: object };
  return { ...body, ...over };
}
