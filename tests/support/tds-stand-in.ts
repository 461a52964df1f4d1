/*
 * A stand-in for SQL Server, which cannot run here: it speaks TDS 7.4 (first words, TLS inside packets, sign-in, batches, calls of
 * sp_executesql, resets, stopping) with the real driver and answers each statement as a test says. It knows no SQL. What it proves is the driver's path and how answers
 * are read and explained; NOT that a statement is right T-SQL. Its messages are written from what the published driver reads.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { KeyPair } from './certificates.ts';
import { done, error, loggedIn, message, oneRow, packets, preloginAnswer, stopped, wasReset } from './tds-messages.ts';
import { messagesOf, parametersOf, type SignIn, signInOf } from './tds-questions.ts';

/** A statement as it came in. `values`: what was bound, as text, in order; null for a batch. */
export interface Asked {
  readonly text: string;
  readonly values: readonly (string | null)[] | null;
  readonly afterReset: boolean;
}
/** Tokens to answer with; null: says nothing until it is told to stop; a function speaks for itself. */
export type Answered = Buffer | null | ((talk: TdsTalk) => Promise<unknown> | undefined);

export interface StandInOptions {
  /** Answers a statement; undefined: as a server does that keeps its settings and has nothing in it. */
  readonly answer?: (asked: Asked) => Answered | undefined;
  /** Encrypts with this; none: it says that it cannot. */
  readonly pair?: KeyPair;
  /** What it says of encryption, whatever is true (0 off, 1 on, 2 not supported, 3 required). */
  readonly encryption?: number;
  readonly tls?: { readonly minVersion?: 'TLSv1'; readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2'; readonly ca?: string };
  readonly password?: string;
  /** Whole answer to a sign-in, instead of its own judgement. */
  readonly signIn?: (login: SignIn) => Buffer | undefined;
  readonly database?: string;
  /** Does not hear that it is to stop. */
  readonly deaf?: boolean;
}
/** What settingsSql is answered with where everything holds. */
export const settled = (database: string, over: { options?: number; level?: number; format?: string } = {}): Buffer =>
  oneRow(
    over.options ?? 5496 + 16384,
    0,
    5000,
    2_147_483_647,
    'us_english',
    7,
    database,
    over.format ?? 'mdy',
    over.level ?? 2,
    1,
    1,
    1,
    1,
    1,
    1,
    0,
  );

/** A connection, as the server sees it. */
export class TdsTalk {
  readonly socket: Duplex;
  constructor(socket: Duplex) {
    this.socket = socket;
  }
  /** Says something and waits until it is taken, or the client is gone. */
  async say(bytes: Buffer): Promise<void> {
    if (this.socket.destroyed) return;
    if (!this.socket.write(bytes)) await Promise.race([once(this.socket, 'drain'), once(this.socket, 'close')]).catch(() => undefined);
  }
  get isOver(): boolean {
    return this.socket.destroyed;
  }
  /** Whether the client has told it to stop. */
  wasStopped = false;
  /** Says that it has heard, for one that speaks for itself. */
  acknowledge(): Promise<void> {
    return this.say(stopped);
  }
}

/** The server's end of a handshake whose words lie in packets until it is done. */
class Wrapped extends Duplex {
  readonly #socket: Socket;
  #bare = false;
  readonly #take = messagesOf((_kind, _status, payload) => this.push(payload));
  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      // The client's first words behind the handshake are encrypted data, and lie in no packet.
      this.#bare ||= chunk[0] === 0x17;
      if (this.#bare) this.push(chunk);
      else this.#take(chunk);
    });
    socket.on('close', () => this.destroy());
    socket.on('end', () => this.push(null));
  }
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: BufferEncoding, next: (error?: Error | null) => void): void {
    this.#socket.write(this.#bare ? chunk : packets(18, chunk), () => next());
  }
  override _final(next: () => void): void {
    this.#socket.end(() => next());
  }
  override _destroy(fault: Error | null, next: (error: Error | null) => void): void {
    this.#socket.destroy();
    next(fault);
  }
}

/** A stand-in that runs. */
export interface StandIn {
  readonly port: number;
  /** Connections that are open by now. */
  open(): number;
  /** Every statement there was, and everybody who signed in. */
  readonly asked: Asked[];
  readonly signIns: SignIn[];
  /** How often it was told to stop. */
  stops(): number;
  close(): Promise<void>;
}

/** Starts a stand-in on 127.0.0.1. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const sockets = new Set<Socket>();
  const asked: Asked[] = [];
  const signIns: SignIn[] = [];
  const password = options.password ?? 'secret';
  let stops = 0;

  function judge(login: SignIn): Buffer {
    if (login.password !== password) return message(error(18456, `Login failed for user '${login.username}'.`), done(2));
    return message(loggedIn(login.database));
  }
  function answerOf(question: Asked, database: string): Answered {
    const told = options.answer?.(question);
    if (told !== undefined) return told;
    if (question.text.includes('@@OPTIONS'))
      return Buffer.concat([question.afterReset ? wasReset : Buffer.alloc(0), settled(options.database ?? database)]);
    return done();
  }

  function speak(socket: Duplex): void {
    const talk = new TdsTalk(socket);
    let database = '';
    let isBusy = false;
    let speaksItself = false;
    const put = (question: Asked): void => {
      asked.push(question);
      const answer = answerOf(question, database);
      if (answer === null || typeof answer === 'function') {
        isBusy = true;
        speaksItself = answer !== null;
        talk.wasStopped = false;
        void answer?.(talk);
      } else {
        isBusy = false;
        speaksItself = false;
        socket.write(message(answer));
      }
    };
    socket.on(
      'data',
      messagesOf((kind, status, payload) => {
        const afterReset = (status & 8) !== 0;
        if (kind === 16) {
          const login = signInOf(payload);
          signIns.push(login);
          database = login.database;
          socket.write(options.signIn?.(login) ?? judge(login));
        } else if (kind === 6) {
          stops++;
          if (options.deaf) return;
          talk.wasStopped = true;
          if (speaksItself) return;
          // As the real one: what ran ends, then it says that it has heard.
          if (isBusy) socket.write(message(done(2)));
          isBusy = false;
          socket.write(stopped);
        } else if (kind === 1) put({ text: payload.toString('utf16le', payload.readUInt32LE(0)), values: null, afterReset });
        else if (kind === 3) {
          const [text, ...values] = parametersOf(payload);
          put({ text: text ?? '', values, afterReset });
        } else socket.destroy();
      }),
    );
  }

  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).once('close', () => sockets.delete(socket)));
    socket.once('data', () => {
      socket.write(preloginAnswer(options.encryption ?? (options.pair ? 1 : 2)));
      const { pair } = options;
      if (!pair) return speak(socket);
      const wrapped = new Wrapped(socket);
      wrapped.on('error', () => undefined);
      const asks = options.tls?.ca ? { requestCert: true, rejectUnauthorized: true } : {};
      const how = { isServer: true, key: pair.key, cert: pair.cert, maxVersion: 'TLSv1.2', ...options.tls, ...asks } as const;
      const secure = new TLSSocket(wrapped, how);
      secure.on('error', () => socket.destroy());
      speak(secure);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    port: address.port,
    open: () => sockets.size,
    asked,
    signIns,
    stops: () => stops,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** An error as the whole answer to a sign-in, with those that follow it. */
export const refused = (...numbers: readonly (readonly [number, string])[]): Buffer =>
  message(...numbers.map(([number, text]) => error(number, text)), done(2));
