import type { Socket } from 'node:net';
import type { SessionLimits } from '../../src/server/engines/mysql/flavour.ts';
import { mysqlModes } from '../../src/server/engines/mysql/settings.sql.ts';
import { serve } from './sockets.ts';

/** A packet of MySQL with its number. */
export function packet(number: number, body: Buffer | string): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(4);
  head.writeUIntLE(bytes.length, 0, 3);
  head[3] = number;
  return Buffer.concat([head, bytes]);
}

const counted = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  if (bytes.length < 251) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  return Buffer.concat([Buffer.from([0xfd, bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16]), bytes]);
};

const able = 0x0000_0200 | 0x0000_8000 | 0x0008_0000 | 0x0000_0008;
const ssl = 0x0000_0800;
const salt = Buffer.from('abcdefghijklmnopqrst');

/** What a server says first. */
export function hello(about: { method?: string; version?: string; ssl?: boolean; flags?: number } = {}): Buffer {
  const flags = about.flags ?? able | (about.ssl ? ssl : 0);
  const middle = Buffer.alloc(18);
  middle.writeUInt16LE(flags & 0xffff, 0);
  middle[2] = 45;
  middle.writeUInt16LE(2, 3);
  middle.writeUInt16LE(flags >>> 16, 5);
  middle[7] = 21;
  const parts = [
    Buffer.from([10]),
    Buffer.from(`${about.version ?? '9.1.0'}\0`),
    Buffer.from([7, 0, 0, 0]),
    salt.subarray(0, 8),
    Buffer.from([0]),
  ];
  const method = Buffer.from(`${about.method ?? 'caching_sha2_password'}\0`);
  return packet(0, Buffer.concat([...parts, middle, salt.subarray(8), Buffer.from([0]), method]));
}

/** Another way to sign in is asked for. */
export const another = (number: number, method: string): Buffer =>
  packet(number, Buffer.concat([Buffer.from(`\xfe${method}\0`, 'latin1'), salt, Buffer.from([0])]));
/** More of the way to sign in. */
export const more = (number: number, ...bytes: number[]): Buffer => packet(number, Buffer.from([1, ...bytes]));
export const ok = (number: number): Buffer => packet(number, Buffer.from([0, 0, 0, 2, 0, 0, 0]));
export const failure = (number: number, errno: number, state: string, text: string): Buffer =>
  packet(number, Buffer.concat([Buffer.from([0xff, errno & 255, errno >> 8]), Buffer.from(`#${state}${text}`)]));
const endOf = (number: number): Buffer => packet(number & 255, Buffer.from([0xfe, 0, 0, 2, 0]));

/** A column of text. */
export const column = (number: number, name: string): Buffer =>
  packet(
    number,
    Buffer.concat([
      ...['def', '', '', ''].map(counted),
      counted(name),
      counted(''),
      Buffer.from([12, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0]),
    ]),
  );
/** A row in text. */
export const row = (number: number, ...values: string[]): Buffer => packet(number & 255, Buffer.concat(values.map(counted)));

/** A whole answer in text: names of columns, then rows. */
export function answer(names: readonly string[], ...rows: readonly (readonly string[])[]): Buffer {
  const parts = [packet(1, Buffer.from([names.length])), ...names.map((name, at) => column(2 + at, name)), endOf(2 + names.length)];
  rows.forEach((values, at) => {
    parts.push(row(3 + names.length + at, ...values));
  });
  return Buffer.concat([...parts, endOf(3 + names.length + rows.length)]);
}

/** The answers to what a session is set to: two settings, and what they are by now. */
export function settings(limits: SessionLimits = { timeoutMs: 10_000, maxRows: null }): Buffer[] {
  const values = ['shop', 'reader@%', ...mysqlModes.expected(limits)];
  return [
    ok(1),
    ok(1),
    answer(
      values.map((_, at) => `c${at}`),
      values,
    ),
    // The database that it is left in.
    ok(1),
  ];
}

/** Lets the client in and has its settings hold, then hands each further command to `speak`. */
export const letIn = (speak: (socket: Socket, command: Buffer) => void, limits?: SessionLimits): Promise<{ readonly port: number }> =>
  serve((socket) => {
    const left = [ok(2), ...settings(limits)];
    socket.write(hello());
    socket.on('data', (chunk) => {
      const next = left.shift();
      if (next) socket.write(next);
      else if (chunk[4] !== 1) speak(socket, chunk);
    });
  });
