import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../tests/support/process.ts';

/** Start-up on an empty folder and on a used one, and memory at rest (VmRSS) ten seconds after. */
const ROUNDS = 7;
const first: number[] = [];
const later: number[] = [];
const memory: number[] = [];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const residentMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

for (let round = 0; round < ROUNDS; round++) {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  for (const figures of [first, later]) {
    const begun = performance.now();
    const server = await startProcess({ PORTCULLIS_DATA_DIR: folder });
    const answered = await fetch(`${server.url}/readyz`);
    if (!answered.ok) throw new Error(`not ready: ${answered.status}`);
    figures.push(performance.now() - begun);
    if (figures === later && round === ROUNDS - 1) {
      await fetch(server.url);
      await pause(10_000);
      memory.push(residentMb(server.pid));
    }
    await server.kill('SIGTERM');
  }
  rmSync(folder, { recursive: true, force: true });
}

const sorted = (figures: number[]): string[] => {
  const rising = figures.toSorted((a, b) => a - b);
  return [rising[0], rising[Math.floor(rising.length / 2)], rising.at(-1)].map((figure) => (figure ?? 0).toFixed(0));
};
console.log('| start until /readyz answers, ms | min | median | max |\n| --- | --- | --- | --- |');
console.log(`| first, empty folder | ${sorted(first).join(' | ')} |`);
console.log(`| later, same folder | ${sorted(later).join(' | ')} |`);
console.log(`\nmemory at rest, 10 s after the start and one page: ${memory[0]?.toFixed(0)} MB`);
