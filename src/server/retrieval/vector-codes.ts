/** Vectors as they are kept: each a scale (float32, little-endian) and its numbers as whole ones from -127 to 127. A quarter of float32, and no worse. */
export function encodeVectors(vectors: readonly Float32Array[]): Uint8Array {
  const dimensions = vectors[0]?.length ?? 0;
  const bytes = new Uint8Array(vectors.length * (4 + dimensions));
  const view = new DataView(bytes.buffer);
  vectors.forEach((vector, i) => {
    const at = i * (4 + dimensions);
    const scale = vector.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127 || 1;
    view.setFloat32(at, scale, true);
    vector.forEach((x, k) => {
      view.setInt8(at + 4 + k, Math.round(x / scale));
    });
  });
  return bytes;
}

/** The kept vectors of many tables in one piece of memory. */
export class VectorBlock {
  readonly dimensions: number;
  /** The vectors of table t: from start[t] to start[t + 1]; some have none. */
  readonly #start: Uint32Array;
  readonly #scales: Float32Array;
  readonly #codes: Int8Array;
  /** How many tables have vectors. */
  readonly filled: number;

  /** Of the tables in order, each with its kept bytes. */
  constructor(dimensions: number, tables: readonly (Uint8Array | undefined)[]) {
    const width = 4 + dimensions;
    const counts = tables.map((bytes) => Math.floor((bytes?.byteLength ?? 0) / width));
    const all = counts.reduce((sum, count) => sum + count, 0);
    this.dimensions = dimensions;
    this.filled = counts.filter((count) => count > 0).length;
    this.#start = new Uint32Array(tables.length + 1);
    this.#scales = new Float32Array(all);
    this.#codes = new Int8Array(all * dimensions);
    let at = 0;
    tables.forEach((bytes, t) => {
      for (let i = 0; bytes && i < (counts[t] ?? 0); i++, at++) {
        const view = new DataView(bytes.buffer, bytes.byteOffset + i * width, width);
        this.#scales[at] = view.getFloat32(0, true);
        this.#codes.set(new Int8Array(bytes.buffer, bytes.byteOffset + i * width + 4, dimensions), at * dimensions);
      }
      this.#start[t + 1] = at;
    });
  }

  /** How near each table is to a vector of the same space: the cosine of the nearest of its vectors; NaN where it has none. */
  nearness(to: Float32Array): Float32Array {
    const near = new Float32Array(this.#start.length - 1).fill(Number.NaN);
    for (let t = 0; t < near.length; t++) {
      for (let i = this.#start[t] ?? 0; i < (this.#start[t + 1] ?? 0); i++) {
        const cosine = this.#cosine(i, to);
        if (!(cosine <= (near[t] ?? 0))) near[t] = cosine;
      }
    }
    return near;
  }

  #cosine(i: number, to: Float32Array): number {
    const codes = this.#codes;
    let sum = 0;
    for (let k = 0, at = i * this.dimensions; k < this.dimensions; k++) sum += (codes[at++] ?? 0) * (to[k] ?? 0);
    return sum * (this.#scales[i] ?? 0);
  }
}
