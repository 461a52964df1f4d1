/** What a client of TDS 7.4 says, taken apart: written from what the published driver (tedious, MIT) writes. */

/** Who wants to be let in, and where to. */
export interface SignIn {
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly program: string;
}

/** Cuts what comes in into messages: kind, status of the first packet, payload. */
export function messagesOf(take: (kind: number, status: number, payload: Buffer) => void): (chunk: Buffer) => void {
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

export function signInOf(payload: Buffer): SignIn {
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
export function parametersOf(payload: Buffer): (string | null)[] {
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
