import { defineConfig } from 'vitest/config';
import { NotRun } from './tests/support/not-run.ts';

/** Where a CI run wants the results as JSON too. */
const results = process.env.TEST_RESULTS_FILE;

export default defineConfig({
  test: {
    include: ['{src,tests,scripts}/**/*.test.{ts,tsx}'],
    // Processes, not threads: tests start servers, change folders' modes and send signals. Two, for two cores.
    pool: 'forks',
    maxWorkers: 2,
    // Safety limits, not expectations: a throwaway PostgreSQL or a browser may have to start first.
    testTimeout: 30_000,
    hookTimeout: 90_000,
    reporters: ['default', ...(results ? [['json', { outputFile: results }] satisfies [string, object]] : []), new NotRun()],
  },
});
