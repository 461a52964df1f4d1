import { Answer, type Row } from './answer.ts';
import type { SqlServerSession } from './session.ts';
import { WireError } from './wire-error.ts';

/** Rows that are held at once, and how many may wait before the server has to. */
const batchRows = 500;
const mostWaiting = 2000;
/** What a server may send for one query. */
const queryBytes = 256 * 1024 * 1024;

/**
 * The rows of a query of ours in batches, as they come. The server waits while whoever takes them is slower; it is given up when it says
 * nothing for as long as a statement may take.
 */
export async function* inBatches(session: SqlServerSession, text: string, tooMuch: () => Error): AsyncGenerator<readonly Row[]> {
  const answer = new Answer({ maxRows: Number.POSITIVE_INFINITY, maxBytes: queryBytes });
  let wake: () => void = () => undefined;
  let isOver = false;
  let isHeld = false;
  answer.onRow = () => {
    if (answer.rows.length >= mostWaiting && !isHeld) {
      isHeld = true;
      session.hold();
    }
    if (answer.rows.length >= batchRows) wake();
  };
  answer.onEnough = () => session.end(new WireError('flood'));
  const asked = session.ask({ text }, answer, { bytes: queryBytes + 1024 * 1024, tokens: 2000 }, false).finally(() => {
    isOver = true;
    wake();
  });
  asked.catch(() => undefined);
  let quiet: NodeJS.Timeout | undefined;
  try {
    while (!isOver || answer.rows.length > 0) {
      if (!isOver && answer.rows.length < batchRows)
        await new Promise<void>((resolve) => {
          wake = resolve;
          quiet = setTimeout(() => session.end(new WireError('stalled')), session.statementTimeoutMs);
        });
      clearTimeout(quiet);
      const rows = answer.rows.splice(0, batchRows);
      if (isHeld && answer.rows.length < batchRows) {
        isHeld = false;
        session.go();
      }
      if (rows.length > 0) yield rows;
    }
    await asked.catch((error) => {
      throw answer.cut ? tooMuch() : error;
    });
  } finally {
    clearTimeout(quiet);
    // Whoever asked wants no more: what is under way is nobody's.
    if (!isOver) session.end(new WireError('closed_early'));
  }
}
