const grouped = new Intl.NumberFormat('en-US');

/** How many of something, in words: "1 table", "4,000 tables". */
export const quantity = (count: number, one: string, more = `${one}s`): string => `${grouped.format(count)} ${count === 1 ? one : more}`;
