import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type Reader, Writer } from './oracle-bytes.ts';

const zero = Buffer.alloc(16);
const encrypt = (key: Buffer, data: Buffer): Buffer => {
  const cipher = createCipheriv('aes-256-cbc', key, zero).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};
const decrypt = (key: Buffer, data: Buffer): Buffer => {
  const cipher = createDecipheriv('aes-256-cbc', key, zero).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};
const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase();
/** What ends an answer: the status of the call. */
const status = (out: Writer): Writer => out.u8(9).ub(0, 0);

/** What the server says of itself to whom it lets in. */
export interface Welcome {
  readonly version: string;
  readonly service: string;
  readonly honest: boolean;
  readonly warning: number | null;
}

/** Both halves of a sign-in with the password verifier of 12c and later: each side proves that it knows the password. */
export class OracleSignIn {
  readonly #salt = randomBytes(16);
  readonly #mixing = randomBytes(16);
  readonly #half = randomBytes(32);
  readonly #passwords: ReadonlyMap<string, string>;
  readonly #rounds: number;
  #key = zero;
  #session = Buffer.alloc(32);
  user = '';

  /** `rounds`: how often the password is hashed; a hostile server says more. */
  constructor(passwords: ReadonlyMap<string, string>, rounds = 4096) {
    this.#passwords = passwords;
    this.#rounds = rounds;
  }

  /** Answers the name with what the password is to be hashed with, whether there is such a user or not. */
  challenge(asked: Reader): Writer {
    const named = asked.u8();
    asked.skipNumbers(2).skip(1).skipNumbers(1).skip(2);
    this.user = named ? asked.text().toUpperCase() : '';
    const password = this.#passwords.get(this.user) ?? hex(randomBytes(16));
    const speedy = pbkdf2Sync(password, Buffer.concat([this.#salt, Buffer.from('AUTH_PBKDF2_SPEEDY_KEY')]), 4096, 64, 'sha512');
    this.#key = createHash('sha512').update(speedy).update(this.#salt).digest().subarray(0, 32);
    const out = new Writer()
      .u8(8)
      .ub(6)
      .pair('AUTH_SESSKEY', hex(encrypt(this.#key, this.#half)))
      .pair('AUTH_VFR_DATA', hex(this.#salt), 0x4815)
      .pair('AUTH_PBKDF2_CSK_SALT', hex(this.#mixing))
      .pair('AUTH_PBKDF2_VGEN_COUNT', String(this.#rounds))
      .pair('AUTH_PBKDF2_SDER_COUNT', '3')
      .pair('AUTH_GLOBALLY_UNIQUE_DBID\0', hex(randomBytes(16)));
    return status(out);
  }

  /** Whether the password is right. */
  proved(asked: Reader): boolean {
    const named = asked.u8();
    asked.skipNumbers(2).skip(1);
    const count = asked.ub();
    asked.skip(2);
    if (named) asked.sized();
    const pairs = new Map(Array.from({ length: count }, () => asked.pair()));
    try {
      const other = decrypt(this.#key, Buffer.from(pairs.get('AUTH_SESSKEY') ?? '', 'hex'));
      const both = hex(Buffer.concat([other.subarray(0, 32), this.#half]));
      this.#session = pbkdf2Sync(both, this.#mixing, 3, 32, 'sha512');
      const padded = decrypt(this.#session, Buffer.from(pairs.get('AUTH_PASSWORD') ?? '', 'hex')).subarray(16);
      const password = padded.subarray(0, padded.length - (padded.at(-1) ?? 0)).toString();
      return password !== '' && password === this.#passwords.get(this.user);
    } catch {
      return false;
    }
  }

  /** Lets the user in. Unless `honest`, without proving that the server knows the password too. */
  welcome({ version, service, honest, warning }: Welcome): Writer {
    const [major = 0, minor = 0, update = 0, release = 0, port = 0] = version.split('.').map(Number);
    const number = ((major << 24) | (minor << 16) | (update << 12) | (release << 4) | port) >>> 0;
    const proof = Buffer.concat([randomBytes(16), Buffer.from('SERVER_TO_CLIENT'), Buffer.alloc(16, 16)]);
    const pairs: [string, string][] = [
      ['AUTH_VERSION_STRING', '- Production'],
      ['AUTH_VERSION_NO', String(number)],
      ['AUTH_DBNAME', service],
      ['AUTH_SESSION_ID', '17'],
      ['AUTH_SERIAL_NUM', '2922'],
      ['AUTH_SC_DBUNIQUE_NAME', 'FREE'],
      ['AUTH_SC_REAL_DBUNIQUE_NAME', 'FREE'],
      ['AUTH_SC_SERVICE_NAME', service.toLowerCase()],
      ['AUTH_INSTANCENAME', 'FREE'],
      ['AUTH_SC_DB_DOMAIN', ''],
      ['AUTH_MAX_OPEN_CURSORS', '300'],
      ['AUTH_MAX_IDEN_LENGTH', '128'],
      ['AUTH_SVR_RESPONSE', hex(honest ? encrypt(this.#session, proof) : randomBytes(48))],
    ];
    const out = new Writer().u8(8).ub(pairs.length);
    for (const [key, value] of pairs) out.pair(key, value);
    if (warning !== null) {
      const said = `ORA-${warning}: hunter2 expires within 7 days`;
      out.u8(15).ub(warning, said.length, 0).sized(said);
    }
    return status(out);
  }
}
