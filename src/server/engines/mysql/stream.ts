import type { Row } from './commands.ts';
import { ask } from './commands.ts';
import type { Line } from './driver.ts';

/** Rows that are handed on at once. */
const batchRows = 500;

/**
 * The rows of a query in batches; as many again wait at the most. The rest of one that nobody goes on reading is read and dropped, so that the
 * session is free again. `heard` is called whenever rows come, `idle` when they are not wanted for a while.
 */
export async function* inBatches(line: Line, sql: string, heard: () => void, idle: () => void): AsyncGenerator<readonly Row[]> {
  let held: Row[] = [];
  let wake: () => void = () => undefined;
  let paused = false;
  let dropped = false;
  let over = false;
  let failure: unknown = null;
  const running = ask(line, sql, (row) => {
    if (dropped) return;
    held.push(row);
    if (held.length >= batchRows && !paused) {
      paused = true;
      line.driver.pause();
      wake();
    }
  }).then(
    () => {
      over = true;
      wake();
    },
    (error) => {
      over = true;
      failure = error;
      wake();
    },
  );
  const resume = () => {
    paused = false;
    line.driver.resume();
  };
  heard();
  try {
    for (;;) {
      if (held.length < batchRows && !over)
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (paused) resume();
        });
      if (failure !== null) throw failure;
      const rows = held;
      held = [];
      idle();
      if (rows.length > 0) yield rows;
      heard();
      if (over && held.length === 0) break;
      if (paused) resume();
    }
  } finally {
    dropped = true;
    if (!over) {
      heard();
      resume();
      await running;
    }
    idle();
  }
}
