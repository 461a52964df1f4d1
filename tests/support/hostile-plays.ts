import { randomBytes } from 'node:crypto';
import type { FaultCode } from '../../src/contract/faults.ts';
import type { KeyPair } from './certificates.ts';
import type { Play, Talk } from './hostile-server.ts';
import { accepted, authentication, failure, message, notice, parameter, scramOffer, welcome } from './postgres-messages.ts';

/** A way in which a server can be bad, and what must come of it. */
export interface HostilePlay {
  readonly name: string;
  readonly play: Play;
  readonly stage: string;
  readonly code: FaultCode;
  /** Whether the client asks for encryption. */
  readonly encrypted?: boolean;
  /** Whether it goes on until the time limit of its stage; else it must end at once. */
  readonly stalls?: boolean;
}

const noise = randomBytes(64 * 1024);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const stall = (talk: Talk): Promise<void> => talk.over;
/** Hears the client's first words, says something, and then nothing more. */
const greet =
  (...words: readonly (Buffer | string)[]): Play =>
  async (talk) => {
    await talk.next();
    await talk.say(...words);
    await stall(talk);
  };
const greetAndClose =
  (...words: readonly (Buffer | string)[]): Play =>
  async (talk) => {
    await talk.next();
    await talk.say(...words);
  };
const greetAndFlood =
  (first: Buffer | string, ...words: readonly (Buffer | string)[]): Play =>
  async (talk) => {
    await talk.next();
    await talk.say(first);
    await talk.flood(...words);
  };
/** Begins SCRAM as a server does, and answers the client's first message by what `first` makes of its nonce. */
const scram =
  (first: (nonce: string) => string, then: (talk: Talk) => Promise<unknown> = stall): Play =>
  async (talk) => {
    await talk.next();
    await talk.say(scramOffer);
    const nonce = /r=([^,\0]+)/.exec(String(await talk.next()))?.[1] ?? '';
    await talk.say(authentication(11, first(nonce)));
    await talk.next();
    await then(talk);
  };
const good = (nonce: string): string => `r=${nonce}abcdef,s=c2FsdHNhbHQ=,i=4096`;

const auth = { stage: 'auth' };
const torn = { code: 'protocol.mismatched' } as const;
const slow = { code: 'stage.expired', stalls: true } as const;

/** Bad before anyone is signed in, over a connection that is not encrypted. */
export const signInPlays: readonly HostilePlay[] = [
  { name: 'accepts and says nothing', play: stall, ...auth, ...slow },
  { name: 'closes when it accepts', play: async () => {}, ...auth, ...torn },
  { name: 'resets soon after it accepts', play: (talk) => wait(50).then(() => talk.reset()), ...auth, ...torn },
  { name: 'closes after the first words', play: greetAndClose(), ...auth, ...torn },
  {
    name: 'resets after the first words',
    play: async (talk) => {
      await talk.next();
      talk.reset();
    },
    ...auth,
    ...torn,
  },
  { name: 'says nothing after the first words', play: greet(), ...auth, ...slow },
  { name: 'stops within a message', play: greet('R\0\0\0\x08\0'), ...auth, ...slow },
  { name: 'closes within a message', play: greetAndClose('R\0\0\0\x08\0'), ...auth, ...torn },
  { name: 'says a long message byte by byte', play: (talk) => talk.drip(notice('x'.repeat(100_000)), 20), ...auth, ...slow },
  { name: 'is a web server', play: greet('HTTP/1.1 400 Bad Request\r\n\r\n'), ...auth, ...torn },
  { name: 'is an SSH server', play: greet('SSH-2.0-OpenSSH_9.9\r\n'), ...auth, ...torn },
  { name: 'is a MySQL server', play: greet('J\0\0\0\x0a8.0.40\0'), ...auth, ...torn },
  { name: 'says noise', play: greet(noise), ...auth, ...torn },
  { name: 'says noise without end', play: (talk) => talk.flood(noise), ...auth, ...torn },
  { name: 'announces a message of 2 GB', play: greetAndFlood('E\x7f\xff\xff\xff', noise), ...auth, ...torn },
  { name: 'announces a message of 4 GB', play: greetAndFlood(Buffer.from([69, 255, 255, 255, 255]), noise), ...auth, ...torn },
  { name: 'announces a message of no length', play: greet(Buffer.from([82, 0, 0, 0, 0])), ...auth, ...torn },
  { name: 'sends notices without end', play: greetAndFlood('', notice('x'.repeat(500))), ...auth, ...torn },
  { name: 'sends parameters without end', play: greetAndFlood('', parameter('a', 'x'.repeat(500))), ...auth, ...torn },
  { name: 'accepts without end', play: greetAndFlood('', accepted), ...auth, ...torn },
  { name: 'asks for MD5 and says nothing more', play: greet(authentication(5, 'salt')), ...auth, ...slow },
  { name: 'asks for the password in clear', play: greet(authentication(3)), ...auth, code: 'auth.unsupported' },
  { name: 'asks for Kerberos', play: greet(authentication(7)), ...auth, code: 'auth.unsupported' },
  { name: 'asks for what there is not', play: greet(authentication(99)), ...auth, code: 'auth.unsupported' },
  { name: 'offers only other SCRAM', play: greet(authentication(10, 'SCRAM-SHA-1\0\0')), ...auth, code: 'auth.unsupported' },
  { name: 'offers no mechanism', play: greet(authentication(10, '\0')), ...auth, code: 'auth.unsupported' },
  { name: 'offers SCRAM and says nothing more', play: greet(scramOffer), ...auth, ...slow },
  { name: 'offers SCRAM and closes', play: greetAndClose(scramOffer), ...auth, ...torn },
  { name: 'says nothing after the proof', play: scram(good), ...auth, ...slow },
  { name: 'closes after the proof', play: scram(good, async () => {}), ...auth, ...torn },
  { name: 'has a nonce of its own', play: scram(() => 'r=evil,s=c2FsdA==,i=4096'), ...auth, code: 'auth.unsupported' },
  { name: 'repeats the nonce', play: scram((nonce) => `r=${nonce},s=c2FsdA==,i=4096`), ...auth, code: 'auth.unsupported' },
  { name: 'has no salt', play: scram((nonce) => `r=${nonce}abc,i=4096`), ...auth, code: 'auth.unsupported' },
  { name: 'wants no iterations', play: scram((nonce) => `r=${nonce}abc,s=c2FsdA==,i=0`), ...auth, code: 'auth.unsupported' },
  {
    name: 'wants 2,000,000,000 iterations',
    play: scram((nonce) => `r=${nonce}abc,s=c2FsdA==,i=2000000000`),
    ...auth,
    code: 'auth.unsupported',
  },
  { name: 'says nonsense in SCRAM', play: scram(() => '\x01\x02,,,=\u0000'), ...auth, code: 'auth.unsupported' },
  { name: 'accepts without proof of its own', play: scram(good, (talk) => talk.say(welcome).then(() => stall(talk))), ...auth, ...torn },
  {
    name: 'proves wrongly',
    play: scram(good, (talk) => talk.say(authentication(12, `v=${Buffer.alloc(32).toString('base64')}`), welcome).then(() => stall(talk))),
    ...auth,
    code: 'auth.unsupported',
  },
  { name: 'ends SCRAM before it began', play: greet(authentication(12, 'v=AAAA'), welcome), ...auth, ...torn },
  {
    name: 'goes on with SCRAM that nobody began',
    play: greet(authentication(11, 'r=a,s=c2FsdA==,i=1')),
    ...auth,
    ...torn,
  },
  { name: 'has an error of a megabyte', play: greetAndClose(failure('XX000', 'x'.repeat(1_200_000))), ...auth, ...torn },
  {
    name: 'has an error full of control characters',
    play: greetAndClose(failure('XX000', '\x1b[31m\u202e\nhunter2')),
    ...auth,
    code: 'database.failed',
  },
  { name: 'has an error of no kind', play: greetAndClose(message('E', '\0')), ...auth, ...torn },
  { name: 'accepts and says nothing more', play: greet(accepted), ...auth, ...slow },
  { name: 'accepts and closes', play: greetAndClose(accepted), ...auth, ...torn },
];

const tls = { stage: 'tls', encrypted: true };
/** Takes the client's wish to encrypt, and then does something else than shake hands. */
const insteadOfHands =
  (...words: readonly (Buffer | string)[]): Play =>
  async (talk) => {
    await talk.next();
    await talk.say('S');
    await talk.next();
    await talk.say(...words);
    await stall(talk);
  };
const handshake = (body: Buffer): Buffer => Buffer.concat([Buffer.from([22, 3, 3, body.length >> 8, body.length & 255]), body]);

/** Bad on the way to encryption, and just after it. */
export const encryptionPlays = (pair: KeyPair): readonly HostilePlay[] => [
  { name: 'accepts and says nothing', play: stall, ...tls, ...slow },
  { name: 'closes when it accepts', play: async () => {}, ...tls, ...torn },
  { name: 'says nothing to the wish', play: greet(), ...tls, ...slow },
  { name: 'closes at the wish', play: greetAndClose(), ...tls, ...torn },
  { name: 'refuses', play: greet('N'), ...tls, code: 'tls.unsupported' },
  { name: 'answers an error', play: greet(failure('53300', 'too many')), ...tls, ...torn },
  { name: 'answers another letter', play: greet('X'), ...tls, ...torn },
  { name: 'is a web server', play: greet('HTTP/1.1 400 Bad Request\r\n\r\n'), ...tls, ...torn },
  { name: 'puts words before the encryption', play: greet('S', failure('28000', 'stuffed')), ...tls, ...torn },
  { name: 'agrees and says nothing', play: greet('S'), ...tls, ...slow },
  { name: 'agrees and closes', play: greetAndClose('S'), ...tls, ...torn },
  { name: 'says nothing to the greeting', play: insteadOfHands(), ...tls, ...slow },
  { name: 'stops within the handshake', play: insteadOfHands(Buffer.from([22, 3, 3, 64, 0, 2, 0, 63, 252, 3, 3])), ...tls, ...slow },
  { name: 'speaks in clear after it agreed', play: insteadOfHands('HTTP/1.1 400 Bad Request\r\n\r\n'), ...tls, code: 'tls.incompatible' },
  { name: 'says noise after it agreed', play: insteadOfHands(noise), ...tls, code: 'tls.incompatible' },
  { name: 'alerts', play: insteadOfHands(Buffer.from([21, 3, 3, 0, 2, 2, 40])), ...tls, code: 'tls.failed' },
  {
    name: 'shakes hands without end',
    play: async (talk) => {
      await talk.next();
      await talk.say('S');
      await talk.next();
      await talk.flood(handshake(Buffer.from([0, 0, 0, 0])));
    },
    ...tls,
    ...slow,
  },
  { name: 'says nothing once encrypted', play: encrypted(pair, stall), ...auth, encrypted: true, ...slow },
  {
    name: 'closes once encrypted',
    play: encrypted(pair, (talk) => talk.next().then(() => talk.close())),
    ...auth,
    encrypted: true,
    ...torn,
  },
  { name: 'says noise once encrypted', play: encrypted(pair, (talk) => talk.flood(noise)), ...auth, encrypted: true, ...torn },
  {
    name: 'speaks in clear once encrypted',
    play: async (talk) => {
      await talk.next();
      await talk.say('S');
      const secure = talk.secure(pair);
      await secure.next();
      await talk.say('HTTP/1.1 400 Bad Request\r\n\r\n');
      await stall(talk);
    },
    ...auth,
    encrypted: true,
    code: 'tls.incompatible',
  },
  { name: 'says nothing after the first words, encrypted', play: encrypted(pair, greet()), ...auth, encrypted: true, ...slow },
  {
    name: 'sends notices without end, encrypted',
    play: encrypted(pair, greetAndFlood('', notice('x'.repeat(500)))),
    ...auth,
    encrypted: true,
    ...torn,
  },
  {
    name: 'asks for the password without end, encrypted',
    play: encrypted(pair, greetAndFlood('', authentication(3))),
    ...auth,
    encrypted: true,
    ...torn,
  },
];

function encrypted(pair: KeyPair, then: Play): Play {
  return async (talk) => {
    await talk.next();
    await talk.say('S');
    await then(talk.secure(pair));
    await talk.over;
  };
}
