import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { LocalEmbedder } from '../src/server/retrieval/local-embedder.ts';

const portion = 512;

/** The vectors of texts, kept in `<place>.texts` and `<place>.vectors`, so that a bench has the encoder work once. */
export class KeptVectors {
  readonly #place: string;
  readonly #known = new Map<string, Float32Array>();

  constructor(place: string) {
    this.#place = place;
    if (!existsSync(`${place}.texts`)) return;
    const bytes = readFileSync(`${place}.vectors`);
    const floats = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
    const texts = readFileSync(`${place}.texts`, 'utf8').split('\n').slice(0, -1);
    texts.forEach((text, i) => {
      const vector = floats.subarray(i * 512, (i + 1) * 512);
      if (vector.length === 512) this.#known.set(JSON.parse(text), vector);
    });
  }

  /** Embeds what is not known yet. */
  async learn(texts: Iterable<string>, told: (done: number, total: number) => void = () => {}): Promise<void> {
    const missing = [...new Set(texts)].filter((text) => !this.#known.has(text)).sort((a, b) => a.length - b.length);
    const embedder = new LocalEmbedder();
    for (let from = 0; from < missing.length; from += portion) {
      const part = missing.slice(from, from + portion);
      const vectors = await embedder.embed(part, new AbortController().signal);
      part.forEach((text, i) => {
        this.#known.set(text, vectors[i] ?? new Float32Array(512));
      });
      appendFileSync(`${this.#place}.vectors`, Buffer.concat(vectors.map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength))));
      appendFileSync(`${this.#place}.texts`, part.map((text) => `${JSON.stringify(text)}\n`).join(''));
      told(from + part.length, missing.length);
    }
    await embedder.close();
  }

  /** The vector of a text that was learned. */
  get(text: string): Float32Array {
    const vector = this.#known.get(text);
    if (!vector) throw new Error(`not learned: ${text}`);
    return vector;
  }
}
