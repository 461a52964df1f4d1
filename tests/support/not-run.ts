import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { gate, requirements } from './require.ts';

/** Ends the output of a run with one line that says which tests did not run on this machine, and what would let them. */
export class NotRun implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    // Those behind a hook that failed count as skipped too, but were meant to run.
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]).filter((test) => test.options.mode !== 'run');
    // Other reporters still print their summaries: the line comes behind them all.
    process.once('exit', () => console.log(`not run here: ${describeNotRun(skipped)}`));
  }
}

function describeNotRun(skipped: readonly Pick<TestCase, 'fullName'>[]): string {
  if (skipped.length === 0) return 'nothing';
  const reasons = requirements.map((name) => gate(name)).filter((one) => one.skip);
  const why = reasons.length > 0 ? reasons.map((one) => one.reason).join('; ') : skipped.map((test) => test.fullName).join(', ');
  return `${skipped.length} ${skipped.length === 1 ? 'test' : 'tests'} (${why})`;
}
