/** Numbers from 0 to 1 that are the same at each run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** The list in an order of chance, the same at each run. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const next = random(seed);
  return list
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
