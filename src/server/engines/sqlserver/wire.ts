import { Duplex } from 'node:stream';
import type { Cell } from '../engine.ts';
import { Pace } from '../network/pace.ts';
import { Answer } from './answer.ts';
import type { WireColumn } from './columns.ts';
import { Inlet, type Reading } from './inlet.ts';
import { headerLength, PacketReader, packetKind, packetsOf } from './packets.ts';
import { encryption, preloginOf } from './prelogin.ts';
import type { Told } from './server-error.ts';
import { type Listener, readTokens } from './tokens.ts';
import type { CodepageOf } from './values.ts';
import { WireError } from './wire-error.ts';

/** How much a server may send before it is taken for hostile. `tokens`: those that are no rows. */
export interface Allowance {
  readonly bytes: number;
  readonly tokens: number;
}

const attention = packetsOf(packetKind.attention, Buffer.alloc(0));
/** The end of a statement of which there is nothing to say. */
const plainEnd = Buffer.concat([Buffer.from([0xfd]), Buffer.alloc(12)]);
/** What may still be on its way when the server is told to stop. */
const underWay = 16 * 1024 * 1024;

/**
 * A connected (and encrypted) socket in the shape the driver wants. It reads what the server sends by itself: rows go to the answer that is being
 * gathered, and the driver gets nothing but well-formed tokens of the few kinds that it needs. It counts what comes in, takes only answers to
 * what was asked, and can tell the server to stop.
 */
export class Wire extends Duplex implements Listener {
  readonly #socket: Duplex;
  readonly #packets = new PacketReader([packetKind.answer]);
  readonly #inlet = new Inlet();
  readonly #pace = new Pace(() => {
    if (!this.#held) this.#socket.resume();
  });
  readonly #reading: Reading<never>;
  #answer = new Answer();
  #left: number;
  #tokens: number;
  #heard = false;
  /** Whether whoever reads the rows has enough for now. */
  #held = false;
  #between = true;
  /** Whether the last token of this message ended something. */
  #ended = false;
  #passing: Buffer[] = [];
  /** Messages that the server owes us. */
  #owed = 0;
  #stopping: (() => void) | null = null;
  #stopped = false;

  /** `allowed`: what the server may send until told otherwise. */
  constructor(socket: Duplex, allowed: Allowance, codepageOf: CodepageOf) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#left = allowed.bytes;
    this.#tokens = allowed.tokens;
    this.#reading = readTokens(this.#inlet, this, codepageOf, (between) => {
      this.#between = between;
    });
    this.#reading.next();
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.destroy());
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    // Whoever waits asks for `errored`; an error that nobody waits for must not end the process.
    this.on('error', () => undefined);
    if (socket.destroyed) this.destroy(socket.errored ?? undefined);
    else socket.resume();
  }

  /** Whether the server has said anything at all since the wire was made. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Gathers what comes from now on, for which the server may send so much. */
  gather(answer: Answer, allowed: Allowance): void {
    this.#answer = answer;
    this.#left = allowed.bytes;
    this.#tokens = allowed.tokens;
  }

  /** Tells the server to stop what it is doing. What it still says is thrown away; resolves when it has heard. */
  stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.destroyed || this.#owed === 0) {
      resolve();
      return promise;
    }
    const others = this.#stopping;
    this.#stopping = () => {
      this.off('close', resolve);
      others?.();
      resolve();
    };
    this.once('close', resolve);
    if (!others) {
      this.#left += underWay;
      this.#held = false;
      this.#socket.resume();
      this.#socket.write(attention);
    }
    return promise;
  }

  /** Lets nothing more in until `go`: whoever reads the rows is slower than the server. */
  hold(): void {
    if (this.#stopping) return;
    this.#held = true;
    this.#socket.pause();
  }
  go(): void {
    this.#held = false;
    if (!this.#pace.resting) this.#socket.resume();
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return;
    this.#heard = true;
    if (this.#pace.took(chunk.length)) this.#socket.pause();
    try {
      const { packets, extra } = this.#packets.take(chunk);
      this.#left -= chunk.length + extra;
      if (this.#left < 0) throw new WireError('flood');
      if (this.#owed === 0) throw new WireError('malformed');
      for (const { payload, isLast } of packets) {
        this.#inlet.add(payload);
        this.#reading.next();
        if (isLast) this.#endMessage();
      }
      this.#flush(false);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #endMessage(): void {
    if (this.#owed === 0 || !this.#between || this.#inlet.length > 0 || !this.#ended) throw new WireError('malformed');
    this.#ended = false;
    if (!this.#stopping) {
      this.#owed--;
      this.#flush(true);
      return;
    }
    // Whether it answered first or not: the driver is told once that its question is done, when the server has heard that it was to stop.
    if (!this.#stopped) return;
    this.#owed = 0;
    this.#passing.push(plainEnd);
    this.#flush(true);
    this.#stopping();
    this.#stopping = null;
    this.#stopped = false;
  }

  #flush(isLast: boolean): void {
    const payload = Buffer.concat(this.#passing.splice(0));
    if (isLast || payload.length > 0) this.push(packetsOf(packetKind.answer, payload, isLast));
  }

  #count(): void {
    this.#tokens -= 1;
    if (this.#tokens < 0) throw new WireError('flood');
    this.#ended = false;
  }

  columns(columns: readonly WireColumn[]): void {
    this.#count();
    if (!this.#stopping) this.#answer.begin(columns);
  }
  get wantsRows(): boolean {
    return !this.#stopping && this.#answer.wantsRows;
  }
  row(values: Cell[], size: number): void {
    this.#ended = false;
    if (!this.#stopping) this.#answer.add(values, size);
  }
  error(told: Told): void {
    // What it says of being stopped is no answer.
    if (!this.#stopping && !this.#answer.fail(told)) throw new WireError('flood');
  }
  wasReset(): void {
    this.#answer.wasReset = true;
  }
  done(hasHeard: boolean): void {
    if (hasHeard && !this.#stopping) throw new WireError('malformed');
    this.#stopped ||= hasHeard;
  }
  pass(token: Buffer): void {
    this.#count();
    this.#ended = (token[0] ?? 0) >= 0xfd;
    if (!this.#stopping) this.#passing.push(token);
  }

  /** The driver connects what it is given: this is connected already. */
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }

  override _read(): void {
    // What the driver is given is little: whether there is room for it holds nothing up.
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let length = headerLength;
    for (let at = 0; at < chunk.length; at += length) {
      length = chunk.length - at < headerLength ? 0 : chunk.readUInt16BE(at + 2);
      if (length < headerLength || at + length > chunk.length) {
        done(new WireError('malformed'));
        return;
      }
      if (((chunk[at + 1] ?? 0) & 1) === 1 && chunk[at] !== packetKind.prelogin) this.#owed++;
    }
    if (chunk[0] !== packetKind.prelogin) this.#socket.write(chunk, done);
    else {
      // Encryption has been agreed on below; the driver is told that there is none to agree on.
      this.push(packetsOf(packetKind.answer, preloginOf(encryption.notSupported)));
      done();
    }
  }
  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
