/** The nth percentile of some figures. */
export function percentile(figures: readonly number[], nth: number): number {
  const rising = figures.toSorted((a, b) => a - b);
  return rising[Math.min(rising.length - 1, Math.floor((rising.length * nth) / 100))] ?? Number.NaN;
}

/** Milliseconds that some work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** A row of a Markdown table: a name and figures in milliseconds. */
export const row = (name: string, ...figures: readonly number[]): string =>
  `| ${name} | ${figures.map((figure) => figure.toFixed(1)).join(' | ')} |`;
