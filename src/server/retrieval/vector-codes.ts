/** A vector as it is kept: whole numbers from -127 to 127, and by what they are multiplied. A quarter of float32, and no worse. */
function coded(vector: Float32Array): { readonly scale: number; readonly codes: Int8Array } {
  const scale = vector.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127 || 1;
  return { scale, codes: Int8Array.from(vector, (x) => Math.round(x / scale)) };
}

/** The bytes of vectors of one length: each its scale (float32, little-endian) and its numbers. */
export function encodeVectors(vectors: readonly Float32Array[]): Uint8Array {
  const width = 4 + (vectors[0]?.length ?? 0);
  const bytes = new Uint8Array(vectors.length * width);
  vectors.forEach((vector, i) => {
    const { scale, codes } = coded(vector);
    new DataView(bytes.buffer).setFloat32(i * width, scale, true);
    bytes.set(new Uint8Array(codes.buffer), i * width + 4);
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
    const other = coded(to);
    const near = new Float32Array(this.#start.length - 1).fill(Number.NaN);
    for (let t = 0; t < near.length; t++) {
      for (let i = this.#start[t] ?? 0; i < (this.#start[t + 1] ?? 0); i++) {
        const cosine = this.#product(i, other.codes) * other.scale * (this.#scales[i] ?? 0);
        if (!(cosine <= (near[t] ?? 0))) near[t] = cosine;
      }
    }
    return near;
  }

  /** Whole numbers multiply twice as fast as others. */
  #product(i: number, other: Int8Array): number {
    const codes = this.#codes;
    let sum = 0;
    for (let k = 0, at = i * this.dimensions; k < this.dimensions; k++) sum = (sum + Math.imul(codes[at++] ?? 0, other[k] ?? 0)) | 0;
    return sum;
  }
}
