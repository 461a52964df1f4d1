import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { KeyPair } from './certificates.ts';
import { type OracleAnswer, type OracleError, writeEnd } from './oracle-answer.ts';
import { Writer } from './oracle-bytes.ts';
import { OracleCalls, type OracleManners } from './oracle-calls.ts';
import type { OracleValue } from './oracle-values.ts';

/** What it is to be; left out is a plain listener that lets scott in, with tiger. */
export interface OracleDoubleOptions {
  readonly users?: Readonly<Record<string, string>>;
  readonly services?: readonly string[];
  readonly sids?: readonly string[];
  readonly version?: string;
  readonly answer?: (sql: string, binds: readonly OracleValue[], parsed: boolean) => OracleAnswer | Promise<OracleAnswer>;
  readonly signInError?: (user: string, right: boolean) => OracleError | null;
  readonly rounds?: number;
  /** The number of a warning that goes with the welcome. */
  readonly warning?: number;
  /** DBTIMEZONE. */
  readonly zone?: string;
  readonly honest?: boolean;
  /** `connect`, `protocol`, `types`, `118` and `115` (both halves of the sign-in), `94` (execute), `5` (fetch), `15` (rollback). */
  readonly silentAt?: string;
  /** Speaks TLS. With `renew`, as a listener that hands the connection over: the next process wants a handshake of its own. */
  readonly tls?: KeyPair & { readonly renew?: KeyPair | true; readonly clientCa?: string };
  /** What it sends without end when the rows of a SELECT x are fetched. */
  readonly pours?: Buffer;
  /** Whether it goes on with a statement that it was asked to break off. */
  readonly deaf?: boolean;
}

export interface OracleDouble {
  readonly port: number;
  /** Every statement that was run, in order. */
  readonly ran: string[];
  /** Connect descriptors that it was given. */
  readonly connects: string[];
  /** Connections that are open, and statements that are being answered. */
  open(): number;
  busy(): number;
  /** Certificates of clients that were shown, by subject. */
  readonly shown: string[];
  close(): Promise<void>;
}

/** Bytes of a packet. */
const unit = 8192;
const packets = { connect: 1, accept: 2, refuse: 4, data: 6, resend: 11, marker: 12 } as const;

/** A packet of the kind, its length told in two or in four bytes. */
export function packetOf(kind: number, body: Buffer, large = false, flags = 0): Buffer {
  const head = Buffer.alloc(8);
  if (large) head.writeUInt32BE(body.length + 8);
  else head.writeUInt16BE(body.length + 8);
  head[4] = kind;
  head[5] = flags;
  return Buffer.concat([head, body]);
}

/** What a listener answers who leads the client to the server. */
export function acceptance(): Buffer {
  const body = Buffer.alloc(37);
  body.writeUInt16BE(318, 0);
  body.writeUInt16BE(unit, 4);
  body.writeUInt16BE(32_767, 6);
  body.writeUInt16BE(0x0100, 8);
  body.writeUInt16BE(45, 12);
  body[14] = 0x0c;
  body[15] = 0x0c;
  body.writeUInt32BE(unit, 24);
  body.writeUInt32BE(2_097_152, 28);
  return packetOf(packets.accept, body);
}

/** What a listener answers who does not. */
export function refusal(text: string): Buffer {
  const said = Buffer.from(text);
  return packetOf(packets.refuse, Buffer.concat([Buffer.from([0x22, 0, said.length >> 8, said.length & 255]), said]));
}

/** One connection of a client. */
class Visit {
  readonly #stream: Duplex;
  readonly calls: OracleCalls;
  readonly #options: OracleDoubleOptions;
  readonly #connects: string[];
  readonly #renew: (() => void) | null;
  #held = Buffer.alloc(0);
  #part: Buffer[] = [];
  #state: 'connect' | 'descriptor' | 'calls' = 'connect';
  #last: Promise<unknown> = Promise.resolve();

  constructor(stream: Duplex, calls: OracleCalls, options: OracleDoubleOptions, connects: string[], renew: (() => void) | null) {
    this.#stream = stream;
    this.calls = calls;
    this.#options = options;
    this.#connects = connects;
    this.#renew = renew;
    stream.on('error', () => undefined).on('data', (chunk: Buffer) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= 8) {
      const length = this.#state === 'calls' ? this.#held.readUInt32BE(0) : this.#held.readUInt16BE(0);
      if (length < 8 || length > this.#held.length) return;
      const packet = this.#held.subarray(0, length);
      this.#held = this.#held.subarray(length);
      this.#hear(packet);
    }
  }

  #hear(packet: Buffer): void {
    const kind = packet[4];
    if (this.#state === 'connect' && kind === packets.connect) {
      const [size, from] = [packet.readUInt16BE(24), packet.readUInt16BE(26)];
      if (from + size > packet.length) this.#state = 'descriptor';
      else this.#connect(packet.toString('latin1', from, from + size));
    } else if (this.#state === 'descriptor' && kind === packets.data) this.#connect(packet.toString('latin1', 10));
    else if (kind === packets.data) this.#data(packet);
    else if (kind === packets.marker) this.#mark(packet[10] ?? 0);
    else this.#stream.destroy();
  }

  #connect(descriptor: string): void {
    this.#connects.push(descriptor);
    if (this.#options.silentAt === 'connect') return;
    const named = (key: string) => new RegExp(`\\(${key}=([^)]*)`, 'i').exec(descriptor)?.[1]?.toUpperCase();
    const [service, sid] = [named('SERVICE_NAME'), named('SID')];
    const has = (list: readonly string[] | undefined, name: string) => (list ?? []).some((one) => one.toUpperCase() === name);
    this.#state = 'connect';
    if (service !== undefined && !has(this.#options.services ?? ['FREEPDB1'], service)) this.#refuse(12_514);
    else if (sid !== undefined && !has(this.#options.sids, sid)) this.#refuse(12_505);
    else if (this.#renew) this.#stream.write(packetOf(packets.resend, Buffer.alloc(0), false, 0x08), this.#renew);
    else {
      this.#stream.write(acceptance());
      this.#state = 'calls';
    }
  }

  #refuse(number: number): void {
    this.#stream.write(refusal(`(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=${number})(ERROR_STACK=(ERROR=(CODE=${number})(EMFI=4))))`));
  }

  #data(packet: Buffer): void {
    if (packet.readUInt16BE(8) & 0x40) {
      this.#stream.end();
      return;
    }
    this.#part.push(packet.subarray(10));
    // One that is full is followed by more.
    if (packet.length >= unit) return;
    const message = Buffer.concat(this.#part.splice(0));
    this.#last = this.#last.then(async () => this.#say(await this.calls.answer(message))).catch(() => this.#stream.destroy());
  }

  /** Sends the same in packets for as long as it is taken. */
  #pour(bytes: Buffer): void {
    const packet = packetOf(packets.data, Buffer.concat([Buffer.alloc(2), bytes]), true);
    const more = () => {
      while (!this.#stream.destroyed && this.#stream.write(packet));
    };
    this.#stream.on('drain', () => setImmediate(more));
    more();
  }

  #say(out: Writer | Buffer | null): void {
    if (!out) return;
    if (Buffer.isBuffer(out)) {
      this.#pour(out);
      return;
    }
    const { bytes } = out;
    for (let at = 0; at < bytes.length; at += unit - 10)
      this.#stream.write(packetOf(packets.data, Buffer.concat([Buffer.alloc(2), bytes.subarray(at, at + unit - 10)]), true));
  }

  /** Break (1) and interrupt (3) end what runs; reset (2) ends the ending. */
  #mark(mark: number): void {
    if (this.#options.deaf) return;
    if (mark === 2) {
      this.#stream.write(packetOf(packets.marker, Buffer.from([1, 0, 2]), true));
      this.#say(writeEnd(new Writer(), { num: 1013, message: 'ORA-01013: user requested cancel of current operation' }));
      return;
    }
    this.calls.abort();
    this.#stream.write(packetOf(packets.marker, Buffer.from([1, 0, 1]), true));
  }
}

/**
 * Starts what speaks the listener's and the server's part of Oracle's protocol, as far as the driver goes into it. It is no database: a function
 * answers each statement.
 */
export async function startOracleDouble(options: OracleDoubleOptions = {}): Promise<OracleDouble> {
  const ran: string[] = [];
  const connects: string[] = [];
  const shown: string[] = [];
  const visits = new Map<Socket, Visit>();
  const manners: OracleManners = {
    users: new Map(Object.entries(options.users ?? { scott: 'tiger' }).map(([name, password]) => [name.toUpperCase(), password])),
    service: options.services?.[0] ?? 'FREEPDB1',
    version: options.version ?? '19.3.0.0.0',
    answer: options.answer ?? (() => ({ error: { num: 942, message: 'ORA-00942: table or view does not exist', pos: 14 } })),
    signInError: options.signInError ?? (() => null),
    rounds: options.rounds,
    warning: options.warning ?? null,
    zone: options.zone ?? '+00:00',
    honest: options.honest ?? true,
    silentAt: options.silentAt ?? null,
    pours: options.pours ?? null,
    ran: (sql) => ran.push(sql),
  };
  const secure = (socket: Socket, pair: KeyPair): TLSSocket => {
    const ca = options.tls?.clientCa === undefined ? {} : { ca: options.tls.clientCa, requestCert: true, rejectUnauthorized: true };
    const stream = new TLSSocket(socket, { isServer: true, key: pair.key, cert: pair.cert, ...ca });
    stream.on('error', () => socket.destroy());
    stream.once('secure', () => {
      const subject = stream.getPeerCertificate().subject?.CN;
      if (subject !== undefined) shown.push(Array.isArray(subject) ? subject.join() : subject);
    });
    return stream;
  };
  const listener = createServer((socket) => {
    socket.setNoDelay(true).on('error', () => undefined);
    const calls = new OracleCalls(manners);
    const begin = (stream: Duplex, renew: (() => void) | null) => {
      visits.set(socket, new Visit(stream, calls, options, connects, renew));
    };
    socket.once('close', () => {
      calls.abort();
      visits.delete(socket);
    });
    const { tls } = options;
    if (!tls) return begin(socket, null);
    const again = tls.renew === true ? tls : tls.renew;
    const renew = again
      ? () => {
          stream.removeAllListeners();
          stream.on('error', () => undefined);
          begin(secure(socket, again), null);
        }
      : null;
    const stream = secure(socket, tls);
    begin(stream, renew);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    ran,
    connects,
    shown,
    open: () => visits.size,
    busy: () => [...visits.values()].reduce((sum, { calls }) => sum + calls.busy, 0),
    async close() {
      for (const socket of visits.keys()) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
