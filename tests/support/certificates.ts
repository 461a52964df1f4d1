import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DAY_MS = 86_400_000;

/** A certificate and its private key, both PEM, the key not encrypted. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** What the certificate of a server says. */
export interface ServerCertificateOptions {
  commonName?: string;
  /** As openssl writes them: `DNS:db.example`, `IP:127.0.0.1`. */
  altNames?: string[];
  /** In the future for a certificate that is not yet valid. */
  notBefore?: Date;
  /** In the past for one that has expired. */
  notAfter?: Date;
}

async function openssl(folder: string, args: string[]): Promise<void> {
  try {
    await run('openssl', args, { cwd: folder });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error('openssl is not there; install it with: apt-get install openssl', { cause: error });
    }
    throw error;
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-tls-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readPair(folder: string, name: string): Promise<KeyPair> {
  const [cert, key] = await Promise.all([readFile(join(folder, `${name}.crt`), 'utf8'), readFile(join(folder, `${name}.key`), 'utf8')]);
  return { cert, key };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority that signs itself. */
export async function makeAuthority(commonName = 'Portcullis test authority'): Promise<KeyPair> {
  return inFolder(async (folder) => {
    const files = ['-keyout', 'ca.key', '-out', 'ca.crt'];
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    await openssl(folder, ['req', '-x509', ...NEW_KEY, ...files, ...usage, '-days', '30', '-subj', `/CN=${commonName}`]);
    return readPair(folder, 'ca');
  });
}

// `openssl ca` and not the shorter `openssl x509 -req`: before version 3.4 only the former takes both dates.
function signingConfiguration(altNames: string[]): string {
  return `[ca]
default_ca = here
[here]
database = issued.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = server
unique_subject = no
[any]
commonName = supplied
[server]
basicConstraints = CA:FALSE
keyUsage = digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = ${altNames.join(',')}
`;
}

function asn1Time(date: Date): string {
  return `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}

/** Makes a server's certificate that `authority` signs; valid from yesterday for a month unless told otherwise. */
export async function makeServerCertificate(authority: KeyPair, options: ServerCertificateOptions = {}): Promise<KeyPair> {
  const notBefore = options.notBefore ?? new Date(Math.min(Date.now(), options.notAfter?.getTime() ?? Infinity) - DAY_MS);
  const notAfter = options.notAfter ?? new Date(notBefore.getTime() + 30 * DAY_MS);
  return inFolder(async (folder) => {
    const altNames = options.altNames ?? ['IP:127.0.0.1', 'DNS:localhost'];
    await Promise.all([
      writeFile(join(folder, 'ca.crt'), authority.cert),
      writeFile(join(folder, 'ca.key'), authority.key, { mode: 0o600 }),
      writeFile(join(folder, 'issued.txt'), ''),
      writeFile(join(folder, 'ca.cnf'), signingConfiguration(altNames)),
    ]);
    const subject = `/CN=${options.commonName ?? 'localhost'}`;
    await openssl(folder, ['req', '-new', ...NEW_KEY, '-keyout', 'server.key', '-out', 'server.csr', '-subj', subject]);
    const dates = ['-startdate', asn1Time(notBefore), '-enddate', asn1Time(notAfter)];
    const files = ['-cert', 'ca.crt', '-keyfile', 'ca.key', '-in', 'server.csr', '-out', 'server.crt'];
    await openssl(folder, ['ca', '-batch', '-notext', '-config', 'ca.cnf', ...files, ...dates]);
    return readPair(folder, 'server');
  });
}
