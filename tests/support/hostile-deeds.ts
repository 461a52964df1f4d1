import { randomBytes } from 'node:crypto';
import type { FaultCode } from '../../src/contract/faults.ts';
import type { HostilePlay } from './hostile-plays.ts';
import type { Play } from './hostile-server.ts';
import {
  answer,
  authentication,
  begunAnswer,
  failure,
  int32,
  message,
  notice,
  parameter,
  ready,
  row,
  welcome,
} from './postgres-messages.ts';

/** What a server can do to a statement: to the first one on its own, or to a later one behind a real server. */
export interface HostileDeed {
  readonly name: string;
  readonly deed: Play;
  /** Which of these is for the stage to say. */
  readonly codes: readonly FaultCode[];
  readonly stalls?: boolean;
}

/** Says the same to this statement and to every one that follows. */
const always =
  (...words: readonly Buffer[]): Play =>
  async (talk) => {
    do await talk.say(...words);
    while (await talk.next());
  };
const sayAndStall =
  (...words: readonly Buffer[]): Play =>
  (talk) =>
    talk.say(...words).then(() => talk.over);
const pour =
  (first: Buffer, ...words: readonly Buffer[]): Play =>
  (talk) =>
    talk.say(first).then(() => talk.flood(...words));
const noise = randomBytes(64 * 1024);
const nothing = Buffer.alloc(0);
const halfARow = Buffer.concat([begunAnswer(), row('x'.repeat(1000)).subarray(0, 100)]);
const mismatched = ['protocol.mismatched'] as const;
const lost = ['protocol.mismatched', 'server.lost'] as const;
const late = ['statement.expired', 'stage.expired'] as const;

export const deeds: readonly HostileDeed[] = [
  { name: 'says nothing', deed: (talk) => talk.over, codes: late, stalls: true },
  { name: 'stops within a row', deed: sayAndStall(halfARow), codes: late, stalls: true },
  { name: 'closes', deed: async () => {}, codes: lost },
  { name: 'resets', deed: async (talk) => talk.reset(), codes: lost },
  { name: 'closes within a row', deed: (talk) => talk.say(halfARow), codes: lost },
  { name: 'sends rows without end', deed: pour(begunAnswer(), row('x'.repeat(1000))), codes: mismatched },
  { name: 'sends empty rows without end', deed: pour(begunAnswer(0), row()), codes: mismatched },
  { name: 'sends notices without end', deed: pour(nothing, notice('x'.repeat(1000))), codes: mismatched },
  { name: 'sends notifications without end', deed: pour(nothing, message('A', int32(1), 'channel\0payload\0')), codes: mismatched },
  { name: 'sends parameters without end', deed: pour(nothing, parameter('a', 'b')), codes: mismatched },
  { name: 'is ready without end', deed: pour(nothing, ready), codes: mismatched },
  { name: 'announces a row of 2 GB', deed: pour(begunAnswer(), Buffer.from('D\x7f\xff\xff\xff', 'latin1'), noise), codes: mismatched },
  { name: 'says noise', deed: sayAndStall(noise), codes: mismatched },
  { name: 'begins a copy', deed: sayAndStall(message('G', Buffer.from([0, 0, 0]))), codes: mismatched },
  { name: 'asks for the password again', deed: sayAndStall(authentication(3)), codes: mismatched },
  { name: 'has an error of two megabytes', deed: sayAndStall(failure('XX000', 'x'.repeat(2_000_000), 'ERROR')), codes: mismatched },
];

/** Deeds that only make sense to the first statement, which puts the session under limits. */
const firstDeeds: readonly HostileDeed[] = [
  { name: 'has an error', deed: always(failure('XX000', 'hunter2', 'ERROR'), ready), codes: ['database.failed'] },
  { name: 'forgets the settings', deed: always(answer(['off', 'public', '0', '0', '0'])), codes: ['session.writable'] },
  { name: 'answers with other columns', deed: always(answer(['evil'])), codes: ['session.writable'] },
  { name: 'describes rows and sends none', deed: always(begunAnswer(), message('C', 'SELECT 0\0'), ready), codes: ['session.writable'] },
];

/** Bad to the first statement after they let the client in. */
export const firstStatementPlays: readonly HostilePlay[] = [...deeds, ...firstDeeds].map(({ name, deed, codes, stalls }) => ({
  name,
  play: async (talk) => {
    await talk.next();
    await talk.say(welcome);
    await talk.next();
    await deed(talk);
  },
  stage: 'database',
  code: codes[0] ?? 'protocol.mismatched',
  ...(stalls ? { stalls } : {}),
}));
