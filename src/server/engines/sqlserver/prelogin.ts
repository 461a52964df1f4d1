import { WireError } from './wire-error.ts';

/** What may be agreed on about encryption before the sign-in. */
export const encryption = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

const end = 0xff;
const version = 0;
const encrypt = 1;

/** The words before the sign-in: our version, what we want of encryption, no instance, no thread, one statement at a time. */
export function preloginOf(wanted: number): Buffer {
  const options: readonly (readonly [number, readonly number[]])[] = [
    [version, [0, 0, 0, 0, 0, 0]],
    [encrypt, [wanted]],
    [2, [0]],
    [3, [0, 0, 0, 0]],
    [4, [0]],
  ];
  let at = 5 * options.length + 1;
  const heads = options.flatMap(([kind, data]) => {
    const head = [kind, at >> 8, at & 0xff, 0, data.length];
    at += data.length;
    return head;
  });
  return Buffer.from([...heads, end, ...options.flatMap(([, data]) => data)]);
}

/** What the server wants of encryption. */
export function wantedBy(answer: Buffer): number {
  // An error instead of an answer.
  if (answer[0] === 0xaa) throw new WireError('error_before_tls');
  if (answer[0] !== version) throw new WireError('not_spoken');
  for (let at = 0; at + 5 <= answer.length && answer[at] !== end; at += 5) {
    if (answer[at] !== encrypt) continue;
    const wanted = answer[answer.readUInt16BE(at + 1)];
    if (answer.readUInt16BE(at + 3) !== 1 || wanted === undefined || wanted > 3) break;
    return wanted;
  }
  throw new WireError('not_spoken');
}
