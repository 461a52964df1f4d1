import { randomBytes } from 'node:crypto';
import type { FaultCode } from '../../src/contract/faults.ts';
import type { Play, Talk } from './hostile-server.ts';
import * as tds from './tds-messages.ts';
import { settled } from './tds-stand-in.ts';

/** A way in which a TDS server can be bad, and which of these faults must come of it. */
export interface TdsPlay {
  readonly name: string;
  readonly play: Play;
  readonly codes: readonly FaultCode[];
  /** Whether it goes on until a time limit; else it must end at once. */
  readonly stalls?: boolean;
}

const noise = randomBytes(64 * 1024);
const torn = ['protocol.mismatched'] as const;
const slow = { codes: ['stage.expired'] as const, stalls: true };
const stall = (talk: Talk): Promise<void> => talk.over;

/** Hears so many messages of the client, answering all but the last as a good server that cannot encrypt. */
async function reach(talk: Talk, step: 'prelogin' | 'login' | 'first' | 'settings'): Promise<void> {
  await talk.next();
  if (step === 'prelogin') return;
  await talk.say(tds.preloginAnswer(2));
  await talk.next();
  if (step === 'login') return;
  await talk.say(tds.message(tds.loggedIn('shop')));
  await talk.next();
  if (step === 'first') return;
  await talk.say(tds.message(tds.done()));
  await talk.next();
}
const at =
  (step: Parameters<typeof reach>[1], then: Play): Play =>
  async (talk) => {
    await reach(talk, step);
    await then(talk);
  };
const say =
  (...words: readonly (Buffer | string)[]): Play =>
  (talk) =>
    talk.say(...words).then(() => stall(talk));
const pour =
  (first: Buffer, ...words: readonly (Buffer | string)[]): Play =>
  (talk) =>
    talk.say(first).then(() => talk.flood(...words));
/** A packet that is not the last of its message. */
const part = (payload: Buffer): Buffer => tds.packets(4, payload, 32_000, false);
const none = Buffer.alloc(0);

/** Bad before anyone is signed in, over a wire that is not encrypted. */
export const signInPlays: readonly TdsPlay[] = [
  { name: 'accepts and says nothing', play: stall, ...slow },
  { name: 'closes when it accepts', play: async () => {}, codes: torn },
  { name: 'closes after the first words', play: at('prelogin', async () => {}), codes: torn },
  { name: 'resets after the first words', play: at('prelogin', async (talk) => talk.reset()), codes: torn },
  { name: 'is a web server', play: at('prelogin', say('HTTP/1.1 400 Bad Request\r\n\r\n')), codes: torn },
  { name: 'is an SSH server', play: say('SSH-2.0-OpenSSH_9.9\r\n'), codes: torn },
  { name: 'says noise', play: at('prelogin', say(noise)), codes: torn },
  { name: 'says noise without end', play: (talk) => talk.flood(noise), codes: torn },
  { name: 'sends empty packets without end', play: at('prelogin', pour(none, part(none))), codes: torn },
  { name: 'sends its first words without end', play: at('prelogin', pour(none, part(Buffer.alloc(1000)))), codes: torn },
  { name: 'has a packet of no length', play: at('prelogin', say(Buffer.from([4, 1, 0, 0, 0, 0, 1, 0]))), codes: torn },
  { name: 'stops within a packet', play: at('prelogin', say(tds.preloginAnswer(2).subarray(0, 12))), ...slow },
  {
    name: 'has first words that point beyond their end',
    play: at('prelogin', say(tds.packets(4, Buffer.from([0, 255, 255, 0, 6, 1, 255, 255, 0, 1, 255])))),
    codes: torn,
  },
  { name: 'has an error instead of first words', play: at('prelogin', say(tds.message(tds.error(17809, 'hunter2')))), codes: torn },
  { name: 'says more than its first words', play: at('prelogin', say(tds.preloginAnswer(2), tds.message(tds.done()))), codes: torn },
  { name: 'says nothing to the sign-in', play: at('login', stall), ...slow },
  { name: 'closes at the sign-in', play: at('login', async () => {}), codes: torn },
  { name: 'answers the sign-in with noise', play: at('login', say(noise)), codes: torn },
  { name: 'answers with nothing', play: at('login', say(tds.packets(4, none))), codes: torn },
  { name: 'sends words about itself without end', play: at('login', pour(none, part(tds.info(1, 'x'.repeat(500))))), codes: torn },
  { name: 'sends errors without end', play: at('login', pour(none, part(tds.error(18456, 'hunter2')))), codes: torn },
  { name: 'sends changes without end', play: at('login', pour(none, part(tds.change(1, 'a', 'b')))), codes: torn },
  { name: 'accepts without end', play: at('login', pour(none, part(tds.loggedIn('shop')))), codes: torn },
  {
    name: 'sends us elsewhere',
    play: at('login', say(tds.message(tds.routing('169.254.169.254', 80), tds.done()))),
    codes: ['network.forbidden'],
  },
  { name: 'wants a token', play: at('login', say(tds.message(Buffer.from([0xee, 4, 0, 0, 0, 0, 0, 0, 0])))), codes: ['auth.unsupported'] },
  { name: 'wants Windows', play: at('login', say(tds.message(Buffer.from([0xed, 2, 0, 1, 2])))), codes: ['auth.unsupported'] },
  { name: 'has a torn error', play: at('login', say(tds.message(tds.error(1, 'hunter2').subarray(0, 30), tds.done(2)))), codes: torn },
  {
    name: 'has an error that says more than it is long',
    play: at('login', say(tds.message(Buffer.from([0xaa, 12, 0, 1, 0, 0, 0, 1, 16, 255, 255, 0, 0, 0, 0]), tds.done(2)))),
    codes: torn,
  },
  { name: 'has a torn change', play: at('login', say(tds.message(Buffer.from([0xe3, 3, 0, 1, 200, 0]), tds.done()))), codes: torn },
  { name: 'stops within a token', play: at('login', say(part(tds.loggedIn('shop').subarray(0, 40)))), ...slow },
  { name: 'ends within a token', play: at('login', say(tds.packets(4, tds.loggedIn('shop').subarray(0, 40)))), codes: torn },
  { name: 'sends rows at the sign-in', play: at('login', say(tds.message(tds.row(Buffer.from([0])), tds.done()))), codes: torn },
  { name: 'says that it has heard what nobody said', play: at('login', say(tds.stopped)), codes: torn },
];

const int = { name: 'a', type: Buffer.from([0x26, 4]) };
const one = tds.columns(int);
const text = { name: 'a', type: Buffer.concat([Buffer.from([0xe7, 255, 255]), Buffer.from([9, 4, 0xd0, 0, 0x34])]) };
const many = Array.from({ length: 4096 }, (_, index) => ({ ...int, name: `c${index}` }));
const zero = Buffer.from([0]);
/** Pieces of a text of unknown length, of a byte each. */
const crumbs = Buffer.concat(Array.from({ length: 6000 }, () => Buffer.from([1, 0, 0, 0, 65])));
const unknownLength = Buffer.from([254, 255, 255, 255, 255, 255, 255, 255]);
const ends = ['protocol.mismatched', 'server.lost'] as const;

/** Bad in the answer to a statement, in whatever way the session was reached. */
export const deeds: readonly TdsPlay[] = [
  { name: 'says nothing', play: stall, codes: ['statement.expired', 'stage.expired'], stalls: true },
  {
    name: 'stops within a row',
    play: say(part(Buffer.concat([one, Buffer.from([0xd1, 4, 1])]))),
    codes: ['statement.expired', 'stage.expired'],
    stalls: true,
  },
  { name: 'closes', play: async () => {}, codes: ends },
  { name: 'resets', play: async (talk) => talk.reset(), codes: ends },
  { name: 'closes within a row', play: (talk) => talk.say(part(Buffer.concat([one, Buffer.from([0xd1, 4, 1])]))), codes: ends },
  { name: 'says noise', play: say(noise), codes: torn },
  { name: 'says noise in a packet', play: say(tds.packets(4, Buffer.concat([Buffer.from([1]), noise.subarray(0, 4000)]))), codes: torn },
  {
    name: 'has a type that there is not',
    play: say(tds.message(tds.columns({ name: 'a', type: Buffer.from([0x99]) }), tds.done())),
    codes: torn,
  },
  { name: 'has rows without columns', play: say(tds.message(tds.columns(), tds.row(), tds.done())), codes: torn },
  { name: 'has a number of three bytes', play: say(tds.message(one, tds.row(Buffer.from([3, 1, 2, 3])), tds.done())), codes: torn },
  {
    name: 'has a date of the year 90,000',
    play: say(tds.message(tds.columns({ name: 'a', type: Buffer.from([0x28]) }), tds.row(Buffer.from([3, 255, 255, 255])), tds.done())),
    codes: torn,
  },
  {
    name: 'has a time of more than a day',
    play: say(tds.message(tds.columns({ name: 'a', type: Buffer.from([0x29, 0]) }), tds.row(Buffer.from([3, 255, 255, 255])), tds.done())),
    codes: torn,
  },
  {
    name: 'has a sql_variant of nonsense',
    play: say(
      tds.message(
        tds.columns({ name: 'a', type: Buffer.from([0x62, 1, 2, 3, 4]) }),
        tds.row(Buffer.from([4, 0, 0, 0, 0x62, 250, 1, 2])),
        tds.done(),
      ),
    ),
    codes: torn,
  },
  {
    name: 'has pieces that do not add up',
    play: say(tds.message(tds.columns(text), tds.row(Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 65, 0, 0, 0, 0])), tds.done())),
    codes: torn,
  },
  { name: 'ends without an end', play: say(tds.packets(4, one)), codes: torn },
  { name: 'answers twice', play: say(tds.message(tds.done()), tds.message(tds.done())), codes: [...torn, 'session.writable'] },
  { name: 'says that it has heard what nobody said', play: say(tds.stopped), codes: torn },
  { name: 'sends empty packets without end', play: pour(none, part(none)), codes: torn },
  { name: 'sends ends without end', play: pour(none, part(tds.done(1))), codes: torn },
  { name: 'sends columns without end', play: pour(none, part(one)), codes: torn },
  { name: 'sends errors without end', play: pour(none, part(tds.error(1, 'hunter2'))), codes: torn },
  { name: 'has an error of a megabyte in many', play: pour(none, part(tds.error(1, 'x'.repeat(15_000)))), codes: torn },
  {
    name: 'has a value of 2 GB',
    play: pour(
      part(Buffer.concat([tds.columns(text), Buffer.from([0xd1, 254, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 127])])),
      part(Buffer.alloc(30_000)),
    ),
    codes: torn,
  },
  {
    name: 'has a value of crumbs',
    play: pour(part(Buffer.concat([tds.columns(text), Buffer.from([0xd1]), unknownLength])), part(crumbs)),
    codes: torn,
  },
];

/** Bad to the first statements after they let the client in, of which the first is the driver's and the next ours. */
export const firstStatementPlays: readonly TdsPlay[] = [
  ...deeds.map(({ name, play, codes, stalls }) => ({
    name: `${name} to the driver`,
    play: at('first', play),
    codes: stalls ? (['stage.expired'] as const) : codes,
    ...(stalls ? { stalls } : {}),
  })),
  ...deeds.map(({ name, play, codes, stalls }) => ({
    name: `${name} to the settings`,
    play: at('settings', play),
    codes,
    ...(stalls ? { stalls } : {}),
  })),
  { name: 'forgets the settings', play: at('settings', say(tds.message(settled('shop', { options: 0 })))), codes: ['session.writable'] },
  {
    name: 'answers the settings with something else',
    play: at('settings', say(tds.message(tds.oneRow('evil')))),
    codes: ['session.writable'],
  },
  { name: 'sends rows without end', play: at('settings', pour(part(one), part(tds.row(Buffer.from([4, 1, 0, 0, 0]))))), codes: torn },
];

/** Bad to a statement of others: those that only end by the limits of what it may answer. */
export const floods: readonly (readonly [name: string, play: Play])[] = [
  ['rows', pour(part(one), part(tds.row(Buffer.from([4, 1, 0, 0, 0]))))],
  ['rows of nulls in 4,096 columns', pour(part(tds.columns(...many)), part(tds.bitmapRow(many.map(() => null))))],
  ['rows of nothing', pour(part(one), part(Buffer.concat(Array.from({ length: 5000 }, () => Buffer.concat([Buffer.from([0xd1]), zero])))))],
  [
    'one long value',
    pour(
      part(Buffer.concat([tds.columns(text), Buffer.from([0xd1]), unknownLength, Buffer.from([255, 255, 255, 127])])),
      part(Buffer.alloc(30_000, 65)),
    ),
  ],
];

/** Lets the session be opened, then does `then` to the statement that follows. */
export const afterOpening = (then: Play): Play =>
  at('settings', async (talk) => {
    await talk.say(tds.message(settled('shop')));
    await talk.next();
    await then(talk);
  });
