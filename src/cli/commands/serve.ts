import type { Command } from 'commander';

/** `portcullis serve` */
export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('run the server')
    .description('Runs the server: API and web. Its settings are environment variables, see docs/operations.md.')
    .option('--json', 'report a failed start as JSON (the log always is)')
    .action(async () => {
      const { serve } = await import('../../server/main.ts');
      await serve();
    });
}
