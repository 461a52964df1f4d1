import type { Socket } from 'node:net';
import type { Link } from './link.ts';
import { PacketReader } from './packets.ts';
import { WireError } from './wire-error.ts';

/** How much a server may send before it is taken for hostile. */
export interface Allowance {
  readonly bytes: number;
  readonly packets: number;
  /** Whether what came so far holds more than was asked for, though it was few bytes: a row may say that it is as the one before. */
  readonly exceeded?: () => boolean;
}

/** What so many bytes of an answer may take in packets: a server fills them, of 512 bytes at the least, and sends a few short ones. */
export const allowanceOf = (bytes: number): Allowance => ({ bytes, packets: Math.ceil(bytes / 400) + 100 });

const never = (): boolean => false;

/**
 * Carries what the driver and the server say between the two. It counts what comes in, ends both sides when the server sends more than was
 * allowed for the statement that runs, and hands on nothing but whole packets that the driver may meet.
 */
export class Wire {
  readonly #packets: PacketReader;
  #link: Link;
  #peer: Socket | null = null;
  #left: number;
  #exceeded: () => boolean;
  #errored: Error | null = null;
  #destroyed = false;
  /** The encryption that is being made anew, while it is. */
  #pending: Socket | null = null;
  #renewing = false;
  readonly #closed = Promise.withResolvers<void>();

  constructor(link: Link, allowed: Allowance) {
    this.#left = allowed.bytes;
    this.#exceeded = allowed.exceeded ?? never;
    this.#packets = new PacketReader(allowed.packets);
    this.#link = link;
    this.#follow(link.socket);
  }

  get link(): Link {
    return this.#link;
  }
  get destroyed(): boolean {
    return this.#destroyed;
  }
  /** Why it was ended, if it was ended for a reason. */
  get errored(): Error | null {
    return this.#errored;
  }
  /** Resolves when both sides are closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Allows the server this much from now on. */
  allow(allowed: Allowance): void {
    this.#left = allowed.bytes;
    this.#exceeded = allowed.exceeded ?? never;
    this.#packets.packets = allowed.packets;
  }

  /** Takes the driver's end. */
  readonly join = (peer: Socket): void => {
    if (this.#destroyed || this.#peer) {
      peer.destroy();
      return;
    }
    this.#peer = peer.setNoDelay(true);
    peer.on('data', (chunk: Buffer) => {
      if (!this.#link.socket.write(chunk)) peer.pause();
    });
    peer.on('drain', () => this.#link.socket.resume());
    peer.on('error', () => this.destroy());
    peer.on('end', () => this.#link.socket.end());
    peer.on('close', () => this.destroy());
    peer.resume();
  };

  #follow(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('drain', () => this.#peer?.resume());
    socket.on('end', () => this.#peer?.end());
    socket.on('error', (error: Error) => this.#ended(socket, error));
    socket.on('close', () => this.#ended(socket));
    socket.setNoDelay(true);
    if (socket.destroyed) this.destroy(socket.errored ?? undefined);
  }

  /** One that was let go of for a new encryption ends nothing. */
  #ended(socket: Socket, error?: Error): void {
    if (socket === this.#link.socket && !this.#renewing) this.destroy(error);
  }

  #take(chunk: Buffer): void {
    if (this.#destroyed) return;
    this.#left -= chunk.length;
    try {
      if (this.#left < 0 || this.#exceeded()) throw new WireError('flood');
      const { whole, renew } = this.#packets.take(chunk, this.#left + chunk.length);
      if (renew) void this.#renew(whole);
      else if (whole && this.#peer?.write(whole) === false) this.#link.socket.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  async #renew(told: Buffer | null): Promise<void> {
    this.#renewing = true;
    try {
      const link = await this.#link.renew((socket) => {
        this.#pending = socket;
        if (this.#destroyed) socket.destroy();
      });
      this.#link = link;
      this.#renewing = false;
      this.#pending = null;
      if (this.#destroyed) link.socket.destroy();
      this.#follow(link.socket);
      if (told) this.#peer?.write(told);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  /** Ends both sides at once. */
  destroy(error?: Error): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#errored = error ?? null;
    const { socket } = this.#link;
    const sides = [socket, this.#pending, this.#peer].filter((side) => side !== null);
    let open = sides.length;
    const gone = () => {
      open -= 1;
      if (open === 0) this.#closed.resolve();
    };
    for (const side of sides) {
      if (side.closed) gone();
      else side.once('close', gone);
      side.destroy();
    }
  }
}
