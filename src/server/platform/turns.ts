const waiting: (() => void)[] = [];

function serve(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(serve);
}

/**
 * Waits for the next turn of the event loop that nobody else of those who wait here gets: long work that pauses here leaves room for everything
 * else between its pieces, however much of it there is at once.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(serve);
  });
}
