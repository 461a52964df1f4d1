import { expect, test } from 'vitest';
import type { StageResult } from '../../../contract/connections.ts';
import { stageLines } from './stage-words.ts';

const result = (stage: StageResult['stage'], status: StageResult['status'] = 'passed'): StageResult => ({
  stage,
  status,
  ms: 1,
  evidence: null,
  fault: null,
});
const states = (...args: Parameters<typeof stageLines>) => stageLines(...args).map(({ stage, state }) => `${stage} ${state}`);

test('before a test every stage is to come, and the tunnel has no line', () => {
  expect(new Set(stageLines([], false, false).map(({ state }) => state))).toEqual(new Set(['waiting']));
  expect(stageLines([], false, false)).toHaveLength(11);
});

test('the stage after the last that ended is under way', () => {
  expect(states([result('parse'), result('dns')], true, true).slice(0, 4)).toEqual([
    'parse passed',
    'dns passed',
    'network running',
    'tcp waiting',
  ]);
  expect(states([result('parse'), result('dns'), result('network'), result('tcp'), result('tunnel', 'skipped')], true, true)[4]).toBe(
    'tls running',
  );
});

test('after a failure what comes behind it is not reached', () => {
  const lines = states([result('parse'), result('dns', 'failed')], false, true);
  expect(lines.slice(0, 3)).toEqual(['parse passed', 'dns failed', 'network not_reached']);
});
