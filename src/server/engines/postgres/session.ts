import { Client, type Submittable } from 'pg';
import type { Certificate, StageName } from '../../../contract/connections.ts';
import type { Dial } from '../../platform/outbound.ts';
import { reveal } from '../../platform/secret.ts';
import type { Login, Session } from '../engine.ts';
import { isLoopback } from '../network/address.ts';
import type { PostgresAddress } from './address.ts';
import { type CancelKey, requestCancel } from './cancel.ts';
import type { Brought, Portal } from './portal.ts';
import { SignIn } from './sign-in.ts';
import type { Allowance, Wire } from './wire.ts';
import { WireError } from './wire-error.ts';

/** Messages a server may send for a portal: the most rows there can be, the probe row, and what belongs to them. */
const portalMessages = 10_001 + 100;

/** A row as the server wrote it: every value as text. */
export type Row = readonly (string | null)[];

/** A live session of PostgreSQL. The statements of `run` are ours, and text from outside never gets into one; those of others go through `send`. */
export interface PostgresSession extends Session {
  readonly address: PostgresAddress;
  /** Protocol and cipher as we negotiated them; null where not encrypted. */
  readonly encryption: string | null;
  /** Milliseconds that a statement of our own may take. */
  readonly statementTimeoutMs: number;
  /** Runs one statement by the extended protocol; for answers that are small. */
  run(text: string, values?: readonly (string | null)[], allowed?: Allowance): Promise<Row[]>;
  /** Sends a statement of somebody else's making, already judged; the server may send so many bytes in answer. */
  send(portal: Portal, allowed: number): Promise<Brought>;
  /** Asks the server to end what runs, over a connection of its own. */
  cancel(): Promise<void>;
  /** Ends it at once, whatever it is doing, with the reason that a running statement will be told. */
  end(reason: Error): void;
}

/** What a server may send until it is ready, and in answer to a small statement of ours. */
export const smallAnswer: Allowance = { bytes: 1024 * 1024, messages: 20_000 };
/** How long after the database's own limit a statement that did not end is given up, with its socket. */
const graceMs = 1500;
const closingMs = 500;

/** The driver's client without its habit of filling gaps from the process's environment: what is sent at the start is written here. */
class PlainClient extends Client {
  readonly #start: Record<string, string>;
  constructor(start: { user: string; database: string }, config: ConstructorParameters<typeof Client>[0]) {
    super(config);
    this.#start = { ...start, application_name: 'portcullis' };
  }
  getStartupConf(): Record<string, string> {
    return this.#start;
  }
}

/** What signing in over a ready wire needs. */
export interface Entrance {
  readonly address: PostgresAddress;
  readonly login: Login;
  readonly wire: Wire;
  readonly certificate: Certificate | null;
  readonly encryption: string | null;
  readonly statementTimeoutMs: number;
  readonly dial: Dial;
  readonly passed: (stage: StageName, evidence: string | null, status?: 'passed' | 'warning') => void;
}

const asText = { getTypeParser: () => (value: string) => value };

function newClient(entrance: Entrance, signIn: () => SignIn): PlainClient {
  const { address, login, wire } = entrance;
  const start = { user: login.username, database: address.database };
  return new PlainClient(start, {
    ...start,
    host: address.host,
    port: address.port,
    // Asked for at each sign-in request, and never an empty value, for which the driver would look in ~/.pgpass.
    password: async () => {
      signIn().judge();
      if (reveal(login.password) === '') throw new WireError('password_wanted');
      return reveal(login.password);
    },
    stream: () => wire,
    ssl: false,
    sslnegotiation: 'postgres',
    application_name: 'portcullis',
    client_encoding: 'UTF8',
  });
}

/** Whether the server refused the database and not the role. */
const aboutDatabase = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['3D000', '42501', '55000'].includes(String(error.code));

/** Signs in over a ready wire and answers with the session, still as the server made it. Ends the wire when it fails. */
export async function signInto(entrance: Entrance): Promise<PostgresSession> {
  const { address, wire, passed } = entrance;
  let signIn: SignIn | null = null;
  const client = newClient(entrance, () => {
    if (!signIn) throw new WireError('malformed');
    return signIn;
  });
  client.on('error', () => undefined);
  const encrypted = entrance.encryption !== null;
  const way = { encrypted, loopback: isLoopback(address.host), certificate: encrypted && entrance.login.clientKey !== undefined };
  const watch = new SignIn(client.connection, way, (failure) => wire.destroy(failure));
  signIn = watch;
  let told = false;
  const accepted = () => {
    if (!told && !wire.destroyed) passed('auth', watch.evidence, watch.open ? 'warning' : 'passed');
    told = true;
  };
  // The server says that the password is right before it looks whether the role may log in at all: only its next word ends the stage.
  client.connection.once('parameterStatus', accepted);
  // What comes in one packet with a proof that does not hold tells nothing.
  client.connection.once('error', () => {
    told = true;
  });
  try {
    await client.connect();
    accepted();
  } catch (error) {
    if (watch.done && aboutDatabase(error)) accepted();
    wire.destroy();
    throw wire.errored ?? (wire.heard ? error : new WireError('closed_early'));
  } finally {
    // The driver keeps the password it was given; nothing needs it any more.
    for (const keeper of [client, Reflect.get(client, 'connectionParameters')]) Reflect.set(keeper, 'password', '');
  }
  return newSession(client, entrance);
}

function newSession(client: PlainClient, entrance: Entrance): PostgresSession {
  const { wire, address, certificate, encryption, statementTimeoutMs, dial } = entrance;
  const key: CancelKey = { processId: Number(Reflect.get(client, 'processID')), secretKey: Number(Reflect.get(client, 'secretKey')) };
  let last: Promise<unknown> = Promise.resolve();

  async function send(text: string, values: readonly (string | null)[], allowed: Allowance): Promise<Row[]> {
    if (wire.destroyed) throw wire.errored ?? new WireError('closed_early');
    wire.allow(allowed);
    const timer = setTimeout(() => wire.destroy(new WireError('stalled')), statementTimeoutMs + graceMs);
    try {
      const query = { text, values: [...values], rowMode: 'array' as const, queryMode: 'extended', types: asText as never };
      const { command, rows } = await client.query<(string | null)[]>(query);
      // Ready without having said that the statement is done: whatever came is no answer to it.
      if (!command) wire.destroy(new WireError('malformed'));
      if (wire.errored) throw wire.errored;
      return rows;
    } catch (error) {
      throw wire.errored ?? error;
    } finally {
      clearTimeout(timer);
      wire.allow(smallAnswer);
    }
  }

  let cancelling: Promise<void> | null = null;
  const cancel = (): Promise<void> => {
    cancelling ??= requestCancel(address, key, dial, entrance.login.clientKey);
    return cancelling;
  };
  // A server notices only after a while that whoever asked has gone: it is told.
  let asked = false;
  wire.once('close', () => {
    if (asked) void cancel();
  });

  async function bring(portal: Portal, bytes: number): Promise<Brought> {
    if (wire.destroyed) throw wire.errored ?? new WireError('closed_early');
    wire.allow({ bytes, messages: portalMessages });
    asked = true;
    client.query(portal as unknown as Submittable);
    try {
      return await portal.brought;
    } catch (error) {
      throw wire.errored ?? error;
    } finally {
      const rest = () => {
        asked = wire.destroyed;
        wire.allow(smallAnswer);
      };
      portal.cleared.then(rest, rest);
    }
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
    run: (text, values = [], allowed = smallAnswer) => inTurn(() => send(text, values, allowed)),
    send: (portal, allowed) => inTurn(() => bring(portal, allowed)),
    cancel,
    end(reason) {
      wire.destroy(reason);
    },
    async close() {
      if (!wire.closed) {
        const closed = new Promise<void>((resolve) => wire.once('close', () => resolve()));
        const timer = setTimeout(() => wire.destroy(), closingMs);
        client.end().catch(() => undefined);
        await closed;
        clearTimeout(timer);
      }
    },
  };
}
