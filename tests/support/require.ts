import { existsSync } from 'node:fs';
import { mysqlAvailable } from './mysql-binaries.ts';
import { postgresAvailable } from './postgres-binaries.ts';
import { embeddedAvailable } from './postgres-embedded.ts';

/** What some tests need that a machine or a run may not have: `slow` is the time for tests of minutes. */
export const requirements = ['postgres', 'postgres-of-npm', 'mariadb', 'mysql', 'sqlserver', 'oracle', 'chromium', 'sshd', 'slow'] as const;
export type Requirement = (typeof requirements)[number];

/** Whether tests that need it are skipped, and the sentence that says why. */
export interface Gate {
  skip: boolean;
  reason: string | null;
}

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function chromiumAvailable(): string | null {
  if (CHROMIUM.some((path) => existsSync(path))) {
    return null;
  }
  return 'no Chromium in /usr/bin; install it with: apt-get install chromium';
}

const missing: Record<Requirement, () => string | null> = {
  postgres: postgresAvailable,
  'postgres-of-npm': embeddedAvailable,
  mariadb: () => mysqlAvailable('mariadb'),
  mysql: () => mysqlAvailable('mysql'),
  sqlserver: () =>
    process.env.PORTCULLIS_TEST_SQLSERVER_URL
      ? null
      : 'no SQL Server: name one by PORTCULLIS_TEST_SQLSERVER_URL, see tests/servers/compose.yaml',
  oracle: () =>
    process.env.PORTCULLIS_TEST_ORACLE_URL ? null : 'no Oracle: name one by PORTCULLIS_TEST_ORACLE_URL, see tests/servers/compose.yaml',
  chromium: chromiumAvailable,
  sshd: () => (existsSync('/usr/sbin/sshd') ? null : 'no OpenSSH server in /usr/sbin; install it with: apt-get install openssh-server'),
  slow: () => 'tests of minutes run with: PORTCULLIS_TEST_REQUIRE=slow npm test',
};

function isRequired(name: Requirement): boolean {
  const names = (process.env.PORTCULLIS_TEST_REQUIRE ?? '').split(',');
  return names.some((word) => word.trim() === name);
}

/**
 * Says whether to skip the tests that need `name`. Where PORTCULLIS_TEST_REQUIRE (names with commas between) holds the
 * name, nothing is skipped: the tests then run into what is missing and fail, so that CI cannot pass by skipping.
 */
export function gate(name: Requirement): Gate {
  const reason = missing[name]();
  return { skip: reason !== null && !isRequired(name), reason };
}
