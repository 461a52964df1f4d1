/** Collects which word stands where, table by table, and turns it round: for each word its tables and places. */
export class Postings {
  readonly #places: number;
  readonly #stems = new Map<string, number>();
  readonly #tablesWith: number[] = [];
  readonly #stem: number[] = [];
  readonly #table: number[] = [];
  readonly #place: number[] = [];
  readonly #count: number[] = [];
  /** Of the table at hand: where its posting of a stem and place lies. */
  readonly #current = new Map<number, number>();
  #tables = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** The number of a stem, new or known. */
  numberOf(stem: string): number {
    const known = this.#stems.get(stem);
    if (known !== undefined) return known;
    this.#stems.set(stem, this.#stems.size);
    return this.#stems.size - 1;
  }

  /** A stem found at a place of the table at hand. */
  add(id: number, place: number): void {
    const key = id * this.#places + place;
    const known = this.#current.get(key);
    if (known !== undefined) {
      this.#count[known] = Math.min(255, (this.#count[known] ?? 0) + 1);
      return;
    }
    this.#current.set(key, this.#stem.length);
    this.#stem.push(id);
    this.#table.push(this.#tables);
    this.#place.push(place);
    this.#count.push(1);
  }

  /** The table at hand is complete. */
  nextTable(): void {
    for (const stem of new Set([...this.#current.keys()].map((key) => Math.floor(key / this.#places)))) {
      this.#tablesWith[stem] = (this.#tablesWith[stem] ?? 0) + 1;
    }
    this.#current.clear();
    this.#tables++;
  }

  /** How many words each table has, a word at place p counting weights[p]. */
  lengths(weights: readonly number[]): Float32Array {
    const length = new Float32Array(this.#tables);
    this.#table.forEach((t, i) => {
      length[t] = (length[t] ?? 0) + (this.#count[i] ?? 0) * (weights[this.#place[i] ?? 0] ?? 0);
    });
    return length;
  }

  /** Postings in the order of their stems: a counting sort, which keeps the tables of each in order. */
  inverted() {
    const stems = this.#stems;
    const start = new Uint32Array(stems.size + 1);
    for (const stem of this.#stem) start[stem + 1] = (start[stem + 1] ?? 0) + 1;
    for (let s = 0; s < stems.size; s++) start[s + 1] = (start[s + 1] ?? 0) + (start[s] ?? 0);
    const next = start.slice();
    const all = this.#stem.length;
    const [table, place, count] = [new Uint32Array(all), new Uint8Array(all), new Uint8Array(all)];
    this.#stem.forEach((stem, i) => {
      const at = next[stem] ?? 0;
      next[stem] = at + 1;
      table[at] = this.#table[i] ?? 0;
      place[at] = this.#place[i] ?? 0;
      count[at] = this.#count[i] ?? 0;
    });
    return { stems, start, table, place, count, tablesWith: Uint32Array.from(this.#tablesWith) };
  }
}
