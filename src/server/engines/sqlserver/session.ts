import type { Socket } from 'node:net';
import type { Connection, Request } from 'tedious';
import type { Certificate } from '../../../contract/connections.ts';
import { reveal } from '../../platform/secret.ts';
import type { Cell, Login, Session } from '../engine.ts';
import type { SqlServerAddress } from './address.ts';
import { Answer, type Row } from './answer.ts';
import type { CodepageOf } from './values.ts';
import type { Allowance, Wire } from './wire.ts';
import { WireError } from './wire-error.ts';

/** What a statement of ours or of others is sent as. With values it is a call of sp_executesql, which takes them by name. */
export interface Question {
  readonly text: string;
  readonly values?: Readonly<Record<string, Cell>>;
  /** Whether the server makes the session as it was at the sign-in before it looks at the text. */
  readonly afterReset?: boolean;
}

/** A live session of SQL Server. */
export interface SqlServerSession extends Session {
  readonly address: SqlServerAddress;
  /** Protocol and cipher as we negotiated them; null where not encrypted. */
  readonly encryption: string | null;
  /** Milliseconds that a statement of our own may take. */
  readonly statementTimeoutMs: number;
  /** Runs statements of ours, into which no text from outside gets but as a value; for answers that are small. */
  run(text: string, values?: Readonly<Record<string, Cell>>): Promise<readonly Row[]>;
  /**
   * Sends a question and gathers its answer, for which the server may send so much. Resolves when the server is done or has stopped. One of
   * ours is given up with its socket a while after it should have ended; for others, whoever asks has limits.
   */
  ask(question: Question, answer: Answer, allowed: Allowance, ours: boolean): Promise<void>;
  /** Tells the server to stop what it is doing; resolves when it has. */
  stop(): Promise<void>;
  /** Lets the server wait until `go`. */
  hold(): void;
  go(): void;
  /** Ends it at once, whatever it is doing, with the reason that a running statement will be told. */
  end(reason: Error): void;
}

/** What a server may send until it is ready, and in answer to a small statement of ours. */
export const smallAnswer: Allowance = { bytes: 1024 * 1024, tokens: 2000 };
/** How long after its limit a statement of ours that did not end is given up, with its socket. */
const graceMs = 1500;
const closingMs = 500;
/** The driver has no way to say "never"; whoever opens has limits of its own. */
const never = 2 ** 31 - 1;

/** The driver, which takes half a second to load: only when a session is opened. */
export async function loadDriver() {
  const [{ Connection, Request, TYPES }, { Collation }] = await Promise.all([import('tedious'), import('tedious/lib/collation.js')]);
  const codepageOf: CodepageOf = (collation) => Collation.fromBuffer(collation).codepage;
  return { Connection, Request, TYPES, codepageOf };
}
type Driver = Awaited<ReturnType<typeof loadDriver>>;

/** What signing in over a ready wire needs. */
export interface Entrance {
  readonly driver: Driver;
  readonly address: SqlServerAddress;
  readonly login: Login;
  readonly wire: Wire;
  readonly certificate: Certificate | null;
  readonly encryption: string | null;
  readonly statementTimeoutMs: number;
}

function connectionOf({ driver, address, login, wire }: Entrance): Connection {
  let dialled = false;
  return new driver.Connection({
    server: address.host,
    authentication: { type: 'default', options: { userName: login.username, password: reveal(login.password) } },
    options: {
      port: address.port,
      database: address.database,
      appName: 'portcullis',
      workstationId: 'portcullis',
      // Asked again when a server names another place to go to, which nothing has judged: the wire refuses that before, and so does this.
      connector: async () => {
        if (dialled) throw new WireError('routed');
        dialled = true;
        return wire as unknown as Socket;
      },
      // The wire is encrypted and proved already, whatever the driver would have done about it.
      encrypt: false,
      connectTimeout: never,
      requestTimeout: 0,
      cancelTimeout: 0,
      maxRetriesOnTransientErrors: 0,
      fallbackToDefaultDb: false,
      tdsVersion: '7_4',
      useUTC: true,
    },
  });
}

/** Signs in over a ready wire and answers with the session, still as the server made it. Ends the wire when it fails. */
export async function signInto(entrance: Entrance): Promise<SqlServerSession> {
  const { wire } = entrance;
  const answer = new Answer();
  wire.gather(answer, smallAnswer);
  const connection = connectionOf(entrance);
  connection.on('error', () => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      // The driver does not notice a socket that just closes.
      wire.once('close', () => reject(new WireError('closed_early')));
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    detach(connection, wire);
    return newSession(connection, entrance);
  } catch (error) {
    connection.close();
    const why = wire.errored ?? answer.error ?? (wire.heard ? error : new WireError('closed_early'));
    wire.destroy();
    throw why;
  } finally {
    // The driver keeps the password it was given; nothing needs it any more.
    const keeper: unknown = Reflect.get(Reflect.get(Reflect.get(connection, 'config'), 'authentication'), 'options');
    if (keeper) Reflect.set(keeper, 'password', '');
  }
}

/**
 * Keeps the end of the wire from the driver, which forgets its question then: an answer that it has not read to its end yet would end the
 * process. Whoever asks is told by the wire itself.
 */
function detach(connection: Connection, wire: Wire): void {
  for (const [event, name] of [
    ['error', '_onSocketError'],
    ['close', '_onSocketClose'],
    ['end', '_onSocketEnd'],
  ] as const) {
    const listener: unknown = Reflect.get(connection, name);
    if (typeof listener !== 'function') throw new Error(`the driver has no ${name}`);
    wire.off(event, listener as () => void);
  }
}

function requestOf({ Request, TYPES }: Driver, { text, values }: Question, done: (error?: Error | null) => void): Request {
  const request = new Request(text, done);
  for (const [name, value] of Object.entries(values ?? {})) {
    if (typeof value === 'boolean') request.addParameter(name, TYPES.Bit, value);
    else if (typeof value !== 'number') request.addParameter(name, TYPES.NVarChar, value);
    else if (!Number.isSafeInteger(value)) request.addParameter(name, TYPES.Float, value);
    else request.addParameter(name, Math.abs(value) < 2 ** 31 ? TYPES.Int : TYPES.BigInt, value);
  }
  return request;
}

function newSession(connection: Connection, entrance: Entrance): SqlServerSession {
  const { driver, wire, address, certificate, encryption, statementTimeoutMs } = entrance;
  let last: Promise<unknown> = Promise.resolve();

  async function send(question: Question, answer: Answer, allowed: Allowance, ours: boolean): Promise<void> {
    if (wire.destroyed) throw wire.errored ?? new WireError('closed_early');
    wire.gather(answer, allowed);
    const timer = ours ? setTimeout(() => wire.destroy(new WireError('stalled')), statementTimeoutMs + graceMs) : undefined;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const closed = () => reject(new WireError('closed_early'));
    wire.once('close', closed);
    try {
      const request = requestOf(driver, question, (error) => (error ? reject(error) : resolve()));
      if (question.afterReset) connection.resetConnectionOnNextRequest = true;
      if (question.values) connection.execSql(request);
      else connection.execSqlBatch(request);
      await promise;
    } catch (error) {
      throw wire.errored ?? answer.error ?? error;
    } finally {
      clearTimeout(timer);
      wire.off('close', closed);
      wire.gather(new Answer(), smallAnswer);
      // The server ends what it calls fatal.
      if (answer.error && answer.error.severity >= 20) wire.destroy();
    }
    if (answer.error) throw answer.error;
  }

  /** One at a time: the allowance is that of the statement that runs. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  }

  return {
    address,
    certificate,
    encryption,
    statementTimeoutMs,
    get usable() {
      return !wire.destroyed;
    },
    async run(text, values) {
      const answer = new Answer();
      await inTurn(() => send(values ? { text, values } : { text }, answer, smallAnswer, true));
      return answer.rows;
    },
    ask: (question, answer, allowed, ours) => inTurn(() => send(question, answer, allowed, ours)),
    stop: () => wire.stop(),
    hold: () => wire.hold(),
    go: () => wire.go(),
    end(reason) {
      wire.destroy(reason);
    },
    async close() {
      const timer = setTimeout(() => wire.destroy(), closingMs);
      await wire.stop();
      clearTimeout(timer);
      if (wire.closed) return;
      const closed = new Promise<void>((resolve) => wire.once('close', () => resolve()));
      wire.destroy();
      await closed;
    },
  };
}
