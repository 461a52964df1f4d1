import { expect, test } from 'vitest';
import type { TrialOutcome } from '../../../contract/engines.ts';
import { countTrials } from './count-trials.ts';

const stopped: TrialOutcome = { outcome: 'stopped', code: 'X' };
const runs: TrialOutcome = { outcome: 'runs', code: null };
const changes: TrialOutcome = { outcome: 'changes', code: null };

test('what became of the statements is counted for each login; what changed something is named', () => {
  const trials = [
    { what: 'INSERT', example: '', outcomes: [stopped, stopped] },
    { what: 'a file', example: '', outcomes: [stopped, changes] },
    { what: 'sleep', example: '', outcomes: [runs, runs] },
  ];
  expect(countTrials({ tried: 'it', logins: ['reader', 'owner'], trials })).toEqual([
    { login: 'reader', stopped: 2, ran: 1, changed: [] },
    { login: 'owner', stopped: 1, ran: 1, changed: ['a file'] },
  ]);
  expect(countTrials({ tried: null, logins: [], trials: [] })).toEqual([]);
});
