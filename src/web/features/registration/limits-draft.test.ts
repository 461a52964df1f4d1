import { describe, expect, test } from 'vitest';
import { Limits, LimitsInput } from '../../../contract/limits.ts';
import { limitsDraftOf, limitsOf, mistakesInLimits, sayLimits } from './limits-draft.ts';

const usual = Limits.parse({});
const typed = (over: object) => ({ ...limitsDraftOf(usual), ...over });

describe('the limits of a connection in its form', () => {
  test('are empty where the usual ones hold, and come back as they were', () => {
    expect(limitsDraftOf(usual)).toEqual({ maxRows: '', maxBytes: '', timeoutMs: '' });
    const lowered = { maxRows: 500, maxBytes: 1_500_001, timeoutMs: 2500 };
    const draft = limitsDraftOf({ ...usual, ...lowered });
    expect(draft).toMatchObject({ maxRows: '500', timeoutMs: '2.5' });
    expect(mistakesInLimits(draft)).toEqual([]);
    expect(limitsOf(draft)).toEqual(lowered);
    expect(limitsOf(limitsDraftOf(usual))).toEqual({ maxRows: null, maxBytes: null, timeoutMs: null });
  });

  test('are numbers no higher than what holds everywhere', () => {
    for (const wrong of [{ maxRows: '10001' }, { maxRows: '0' }, { maxRows: '1.5' }, { maxBytes: 'many' }, { timeoutMs: '31' }])
      expect(mistakesInLimits(typed(wrong)).map(({ path }) => path)).toEqual(Object.keys(wrong).map((name) => `limits.${name}`));
    const right = typed({ maxRows: ' 10000 ', maxBytes: '10240', timeoutMs: '0,5' });
    expect(mistakesInLimits(right)).toEqual([]);
    expect(LimitsInput.parse(limitsOf(right))).toEqual({ maxRows: 10_000, maxBytes: 10_485_760, timeoutMs: 500 });
  });

  test('are said where they are lowered', () => {
    expect(sayLimits(usual)).toBeNull();
    expect(sayLimits({ ...usual, maxRows: 1, timeoutMs: 500 })).toBe('At most 1 row, 0.5 s');
  });

  test('that are left out of a change stay', () => {
    expect(LimitsInput.parse({ maxRows: 5 })).toEqual({ maxRows: 5 });
    expect(LimitsInput.safeParse({ timeoutMs: 30_001 }).success).toBe(false);
  });
});
