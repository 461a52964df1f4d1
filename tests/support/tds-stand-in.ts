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
export interface SignIn {
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly program: string;
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

/** Cuts what comes in into messages: kind, status of the first packet, payload. */
function messagesOf(take: (kind: number, status: number, payload: Buffer) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  const body: Buffer[] = [];
  let first = 0;
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 8 && held.length >= held.readUInt16BE(2)) {
      const length = held.readUInt16BE(2);
      const packet = held.subarray(0, length);
      held = held.subarray(length);
      if (body.length === 0) first = packet[1] ?? 0;
      body.push(packet.subarray(8));
      if (((packet[1] ?? 0) & 1) === 0) continue;
      const whole = Buffer.concat(body.splice(0));
      take(packet[0] ?? 0, first | (packet[1] ?? 0), whole);
    }
  };
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

function signInOf(payload: Buffer): SignIn {
  const field = (at: number): Buffer => {
    const from = payload.readUInt16LE(at);
    return payload.subarray(from, from + 2 * payload.readUInt16LE(at + 2));
  };
  const clear = Buffer.from(field(44)).map((byte) => {
    const plain = byte ^ 0xa5;
    return ((plain << 4) | (plain >> 4)) & 0xff;
  });
  const text = (at: number) => field(at).toString('utf16le');
  return { username: text(40), password: Buffer.from(clear).toString('utf16le'), program: text(48), database: text(68) };
}

/** The parameters of a call, as text: of the few types that we send. */
function parametersOf(payload: Buffer): (string | null)[] {
  const values: (string | null)[] = [];
  let at = payload.readUInt32LE(0);
  if (payload.readUInt16LE(at) !== 0xffff) throw new Error('only numbered procedures are called');
  at += 6;
  while (at < payload.length) {
    at += 1 + 2 * payload.readUInt8(at) + 1;
    const type = payload.readUInt8(at);
    if (type === 0xe7) {
      const isLong = payload.readUInt16LE(at + 1) === 0xffff;
      at += 8;
      let length = 0;
      if (isLong) {
        const isNull = payload.readBigUInt64LE(at) === 0xffff_ffff_ffff_ffffn;
        at += 8;
        const parts: Buffer[] = [];
        while (!isNull) {
          length = payload.readUInt32LE(at);
          at += 4 + length;
          if (length === 0) break;
          parts.push(payload.subarray(at - length, at));
        }
        values.push(isNull ? null : Buffer.concat(parts).toString('utf16le'));
        continue;
      }
      length = payload.readUInt16LE(at);
      at += 2;
      values.push(length === 0xffff ? null : payload.toString('utf16le', at, at + length));
      at += length === 0xffff ? 0 : length;
    } else {
      const length = payload.readUInt8(at + 2);
      const from = at + 3;
      const integer =
        length === 8 ? String(payload.readBigInt64LE(from)) : length === 4 ? String(payload.readInt32LE(from)) : String(payload[from]);
      values.push(length === 0 ? null : type === 0x6d ? String(payload.readDoubleLE(from)) : integer);
      at = from + length;
    }
  }
  return values;
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
