interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Every item of a list, page after page. For lists that a person can overlook; long ones are read as they are scrolled. */
export async function everyPage<T>(ask: (query: { limit: number; cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const next: Page<T> = await ask(cursor ? { limit: 500, cursor } : { limit: 500 });
    items.push(...next.items);
    cursor = next.nextCursor;
  } while (cursor);
  return items;
}
