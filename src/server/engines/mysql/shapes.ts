/** Shapes by their number in well-known binary. */
const names = ['', 'POINT', 'LINESTRING', 'POLYGON', 'MULTIPOINT', 'MULTILINESTRING', 'MULTIPOLYGON', 'GEOMETRYCOLLECTION'];
const deepest = 32;

class ShapeReader {
  readonly #bytes: Buffer;
  #at: number;
  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  #point(little: boolean): string {
    const [x, y] = [this.#at, this.#at + 8].map((at) => (little ? this.#bytes.readDoubleLE(at) : this.#bytes.readDoubleBE(at)));
    this.#at += 16;
    return `${x} ${y}`;
  }

  #many(little: boolean, one: () => string): string {
    const count = little ? this.#bytes.readUInt32LE(this.#at) : this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    if (count > this.#bytes.length - this.#at) throw new RangeError('more parts than bytes');
    return `(${Array.from({ length: count }, one).join(', ')})`;
  }

  /** The next shape: its name where `named`, and its coordinates. */
  read(named: boolean, depth = 0): string {
    const little = this.#bytes.readUInt8(this.#at) === 1;
    const kind = little ? this.#bytes.readUInt32LE(this.#at + 1) : this.#bytes.readUInt32BE(this.#at + 1);
    this.#at += 5;
    const name = names[kind];
    if (!name || depth > deepest) throw new RangeError('no such shape');
    const line = () => this.#many(little, () => this.#point(little));
    const inner = () => this.read(kind === 7, depth + 1);
    const body = kind === 1 ? `(${this.#point(little)})` : kind === 2 ? line() : this.#many(little, kind === 3 ? line : inner);
    const text = body === '()' ? ' EMPTY' : body;
    return named || text === ' EMPTY' ? `${named ? name : ''}${text}` : text;
  }
}

/**
 * A shape as well-known text, before it the number of its reference system unless that is none: `SRID=4326;POINT(5 52)`. The coordinates stand in
 * the order in which the database keeps them, x before y. What is no shape is written as its bytes.
 */
export function shapeText(bytes: Buffer): string {
  try {
    const reader = new ShapeReader(bytes, 4);
    const srid = bytes.readUInt32LE(0);
    const text = reader.read(true);
    if (reader.done) return srid === 0 ? text : `SRID=${srid};${text}`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return `\\x${bytes.toString('hex')}`;
}
