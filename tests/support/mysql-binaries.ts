import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The two members of the family that tests start. */
export type Kind = 'mariadb' | 'mysql';

/** How a server is started: programs with what has to come before their options. */
export interface Programs {
  /** Makes an empty data folder `data`. */
  readonly initialise: readonly string[];
  readonly server: readonly string[];
  /** The account that it runs as; null means this process's own. */
  readonly account: { readonly uid: number; readonly gid: number } | null;
}

/** Where unpack-mysql.sh lays MySQL out, unless told otherwise. */
const mysqlRoot = (): string => process.env.PORTCULLIS_TEST_MYSQL || join(tmpdir(), 'portcullis-mysql');

const mariadbServer = ['/usr/sbin/mariadbd', '/usr/local/bin/mariadbd', '/usr/bin/mariadbd'];
const installer = ['/usr/bin/mariadb-install-db', '/usr/local/bin/mariadb-install-db'];

function idOf(flag: '-u' | '-g'): number | null {
  const asked = spawnSync('id', [flag, 'mysql'], { encoding: 'utf8' });
  return asked.status === 0 ? Number(asked.stdout.trim()) : null;
}

/** These servers do not like to run as root, so root hands them to the account that Debian's package made. */
function account(): Programs['account'] {
  if (process.getuid?.() !== 0) return null;
  const uid = idOf('-u');
  const gid = idOf('-g');
  return uid === null || gid === null ? null : { uid, gid };
}

/** The programs of a kind of server on this machine, or the sentence that says what is missing. */
export function findPrograms(kind: Kind): Programs | string {
  const runsAs = account();
  const needsAccount = process.getuid?.() === 0 && runsAs === null;
  if (kind === 'mariadb') {
    const server = mariadbServer.find((path) => existsSync(path));
    const install = installer.find((path) => existsSync(path));
    if (!server || !install || needsAccount) return 'no MariaDB server; install one with: apt-get install mariadb-server';
    const options = ['--no-defaults', '--datadir=data', '--auth-root-authentication-method=normal', '--skip-test-db'];
    return { initialise: [install, ...options], server: [server, '--no-defaults'], account: runsAs };
  }
  const root = mysqlRoot();
  const program = join(root, 'usr/sbin/mysqld');
  if (!existsSync(program) || needsAccount) return 'no MySQL 9; lay it out beside the system with: tests/support/unpack-mysql.sh';
  const loader = join(root, 'usr/lib64/ld-linux-x86-64.so.2');
  // What was built for a newer system comes with that system's libraries.
  const before = existsSync(loader) ? [loader, '--library-path', join(root, 'usr/lib/x86_64-linux-gnu')] : [];
  const share = join(root, 'usr/share/mysql');
  const command = [
    ...before,
    program,
    '--no-defaults',
    `--basedir=${root}/usr`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${share}/charsets`,
    `--plugin-dir=${root}/usr/lib/mysql/plugin`,
  ];
  return {
    initialise: [...command, '--initialize-insecure'],
    server: [...command, '--mysqlx=OFF', '--secure-file-priv='],
    account: runsAs,
  };
}

/** Null where such a server can be started here, or else the sentence that says what is missing. */
export function mysqlAvailable(kind: Kind): string | null {
  const found = findPrograms(kind);
  return typeof found === 'string' ? found : null;
}
