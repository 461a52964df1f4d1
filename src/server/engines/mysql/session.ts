import driverModule, { type AuthPlugin, type Connection, type ConnectionOptions, createConnection } from 'mysql2';
import type { Certificate, StageName } from '../../../contract/connections.ts';
import type { Fault } from '../../platform/fault.ts';
import type { Dial } from '../../platform/outbound.ts';
import { reveal } from '../../platform/secret.ts';
import type { Cell, Login, Session } from '../engine.ts';
import type { MysqlAddress } from './address.ts';
import { requestKill } from './cancel.ts';
import { ask, examine, perform, type Row, reset } from './commands.ts';
import type { Driver, Line, Sink } from './driver.ts';
import type { Flavour, SessionLimits } from './flavour.ts';
import { ServerError, serverErrorOf } from './server-error.ts';
import { signEd25519 } from './sign-ed25519.ts';
import type { SignIn } from './sign-in.ts';
import { inBatches } from './stream.ts';
import type { Allowance, Wire } from './wire.ts';
import { WireError } from './wire-error.ts';

/** A live session. The statements of `run` are ours, and text from outside never gets into one; those of others go through `send`. */
export interface MysqlSession extends Session {
  readonly address: MysqlAddress;
  readonly flavour: Flavour;
  /** Protocol and cipher as we negotiated them; null where not encrypted. */
  readonly encryption: string | null;
  /** Milliseconds that a statement of our own may take. */
  readonly statementTimeoutMs: number;
  /** The limits that hold in the database by now; null before there are any. */
  limits: SessionLimits | null;
  /** Whether the transaction of the next statement is open already. */
  begun: boolean;
  /** The database and the account as the server names them, once they are known: what they have to stay. */
  place: readonly [database: string, account: string] | null;
  /** What tells the server from any other, once it was asked; null where that is not known. */
  identity: string | null;
  /** Runs one statement; for answers that are small. */
  run(text: string, allowed?: Allowance): Promise<Row[]>;
  /** The rows of a large query of ours, in batches. */
  batches(text: string): AsyncGenerator<readonly Row[]>;
  /** Has the server look at a statement of ours without running it. */
  examine(text: string): Promise<void>;
  /** Runs a statement of somebody else's making, already judged, in the form that takes no second one; the server may send so many bytes. */
  send(sql: string, parameters: readonly Cell[], sink: Sink, bytes: number): Promise<void>;
  /** Has the server forget what a statement left in the session. */
  reset(sql: string): Promise<void>;
  /** Has the server end the session and what it runs, over a connection of its own. */
  cancel(): Promise<void>;
  /** Ends it at once, whatever it is doing, with the reason that a running statement will be told. */
  end(reason: Error): void;
}

/** What a server may send until it is ready, and in answer to a small statement of ours. */
export const smallAnswer: Allowance = { bytes: 1024 * 1024, packets: 20_000 };
const bulk: Allowance = { bytes: 256 * 1024 * 1024, packets: 5_000_000 };
/** Packets a server may send for a statement of somebody else's making: the most rows there can be, and as many columns. */
const statementPackets = 20_000;
/** How long after the database's own limit a statement that did not end is given up, with its socket. */
const graceMs = 1500;
const closingMs = 500;

/** What signing in over a wire needs. */
export interface Entrance {
  readonly flavour: Flavour;
  readonly address: MysqlAddress;
  readonly login: Login;
  readonly wire: Wire;
  readonly signIn: SignIn;
  /** Encrypts the wire, once the driver has asked the server for it. */
  readonly secure: () => Promise<{ readonly certificate: Certificate; readonly encryption: string }>;
  readonly statementTimeoutMs: number;
  readonly dial: Dial;
  /** Told why a sign-in to end a statement failed. */
  readonly refused: ((fault: Fault) => void) | undefined;
  readonly passed: (stage: StageName, evidence: string | null, status?: 'passed' | 'warning') => void;
}

/** The driver’s own does not see that the wire is encrypted: it would ask for a key, which the server then does not give. */
const sha256Of = (address: MysqlAddress, login: Login): AuthPlugin =>
  address.tls.mode === 'disable' ? driverModule.authPlugins.sha256_password({}) : () => () => Buffer.from(`${reveal(login.password)}\0`);

/** Built from fields that were checked: no text of an address or a string of others gets in here. */
const optionsOf = ({ address, login, wire }: Entrance): ConnectionOptions => ({
  host: address.host,
  port: address.port,
  user: login.username,
  password: reveal(login.password),
  database: address.database,
  stream: wire as never,
  // What it says of certificates is not looked at: the wire proves the other end itself.
  ...(address.tls.mode === 'disable' ? {} : { ssl: {} }),
  authPlugins: { sha256_password: sha256Of(address, login), client_ed25519: () => (drawn) => signEd25519(reveal(login.password), drawn) },
  charset: 'UTF8MB4_GENERAL_CI',
  flags: ['-LOCAL_FILES', '-MULTI_RESULTS', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES', '-ODBC', '-FOUND_ROWS'],
  connectAttributes: { program_name: 'portcullis' },
  multipleStatements: false,
  disableEval: true,
  rowsAsArray: true,
  typeCast: (field) => field.string('utf8'),
  connectTimeout: 0,
});

/** Values of others in the types that the server is to take them for: whole numbers would be sent as fractions. */
const bind = (value: Cell): unknown =>
  typeof value === 'number' && Number.isSafeInteger(value) ? driverModule.TypedParameter.BIGINT(value) : value;

/** Whether the server refused the database and not the account. */
const aboutDatabase = (error: unknown): boolean => error instanceof ServerError && [1044, 1049].includes(error.errno);

/** Signs in over a wire and answers with the session, still as the server made it. Ends the wire when it fails. */
export async function signInto(entrance: Entrance): Promise<MysqlSession> {
  const { wire, signIn, passed } = entrance;
  const connection = createConnection(optionsOf(entrance));
  connection.on('error', (error: Error) => wire.destroy(error));
  let certificate: Certificate | null = null;
  let encryption: string | null = null;
  // The driver goes on as soon as it is told that the wire is encrypted: by then it is, and the other end is proved.
  Reflect.set(connection, 'startTLS', (told: (error?: Error) => void) => {
    entrance.secure().then(
      (secured) => {
        ({ certificate, encryption } = secured);
        told();
      },
      (error: Error) => wire.destroy(error),
    );
  });
  try {
    await connected(connection, wire);
    passed('auth', signIn.evidence);
  } catch (error) {
    const why = wire.errored ?? error;
    const said = serverErrorOf(why);
    if (aboutDatabase(said)) passed('auth', signIn.evidence);
    wire.destroy();
    throw said;
  } finally {
    // The driver keeps the password it was given; nothing needs it any more.
    for (const keeper of [connection.config, Reflect.get(connection, '_command')])
      for (const name of ['password', 'password1']) if (keeper) Reflect.set(keeper, name, undefined);
    Reflect.set(connection, '_authPlugin', null);
  }
  return newSession({ driver: connection as unknown as Driver, wire, bind }, { ...entrance, certificate, encryption });
}

function connected(connection: Connection, wire: Wire): Promise<void> {
  return new Promise((resolve, reject) => {
    wire.once('close', () => reject(wire.errored ?? new WireError('closed_early')));
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

type Known = Entrance & { readonly certificate: Certificate | null; readonly encryption: string | null };

function newSession(line: Line, known: Known): MysqlSession {
  const { driver, wire } = line;
  const { address, flavour, certificate, encryption, statementTimeoutMs } = known;
  const threadId = Number(driver.threadId);
  let last: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const expect = (limitMs = statementTimeoutMs + graceMs) => {
    clearTimeout(timer);
    timer = setTimeout(() => wire.destroy(new WireError('stalled')), limitMs);
  };
  const relax = () => clearTimeout(timer);

  /** One at a time: the allowance is that of the statement that runs. */
  function inTurn<T>(allowed: Allowance, work: () => Promise<T>): Promise<T> {
    const next = last.then(async () => {
      if (wire.destroyed) throw wire.errored ?? new WireError('closed_early');
      wire.allow(allowed);
      try {
        return await work();
      } finally {
        relax();
        wire.allow(smallAnswer);
      }
    });
    last = next.catch(() => undefined);
    return next;
  }
  const watched = <T>(work: () => Promise<T>) => {
    expect();
    return work();
  };

  let killing: Promise<void> | null = null;
  const cancel = (): Promise<void> => {
    killing ??= requestKill(known, threadId, session.identity);
    return killing;
  };
  // A server notices only when it has something to send that whoever asked has gone: it is told.
  let asked = false;
  wire.once('close', () => {
    relax();
    if (asked) void cancel();
  });

  const session: MysqlSession = {
    address,
    flavour,
    certificate,
    encryption,
    statementTimeoutMs,
    limits: null,
    begun: false,
    place: null,
    identity: null,
    get usable() {
      return !wire.destroyed;
    },
    run: (text, allowed = smallAnswer) =>
      inTurn(allowed, () =>
        watched(async () => {
          const rows: Row[] = [];
          await ask(line, text, (row) => rows.push(row));
          return rows;
        }),
      ),
    async *batches(text) {
      const turn = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const over = inTurn(bulk, () => {
        begun.resolve();
        return turn.promise;
      });
      over.catch(begun.reject);
      await begun.promise;
      asked = true;
      try {
        yield* inBatches(line, text, expect, relax);
      } finally {
        asked = wire.destroyed;
        turn.resolve();
        await over;
      }
    },
    examine: (text) => inTurn(smallAnswer, () => watched(() => examine(line, text))),
    send: (sql, parameters, sink, bytes) =>
      inTurn({ bytes, packets: statementPackets }, async () => {
        asked = true;
        await perform(line, sql, parameters, sink);
        asked = false;
      }).catch((error: unknown) => {
        asked = asked && wire.destroyed && !(error instanceof ServerError);
        throw error;
      }),
    reset: (sql) => inTurn(smallAnswer, () => watched(() => reset(line, sql))),
    cancel,
    end(reason) {
      wire.destroy(reason);
    },
    async close() {
      if (wire.closed) return;
      const closed = new Promise<void>((resolve) => wire.once('close', () => resolve()));
      const late = setTimeout(() => wire.destroy(), closingMs);
      if (!wire.destroyed && !asked) driver.end();
      else wire.destroy();
      await closed;
      clearTimeout(late);
    },
  };
  return session;
}
