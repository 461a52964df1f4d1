import { expect, test } from 'vitest';
import { normalized } from './embedder.ts';
import { encodeVectors, VectorBlock } from './vector-codes.ts';

const chance = () => normalized(Array.from({ length: 512 }, () => Math.random() - 0.5));
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

test('kept vectors give nearly the same cosines, at a quarter of the bytes', () => {
  const vectors = Array.from({ length: 50 }, chance);
  const bytes = vectors.map((vector) => encodeVectors([vector]));
  expect(bytes[0]?.byteLength).toBe(516);
  const to = chance();
  const near = new VectorBlock(512, bytes).nearness(to);
  vectors.forEach((vector, t) => {
    expect(near[t]).toBeCloseTo(cosine(vector, to), 2);
  });
  expect(new VectorBlock(512, bytes).nearness(vectors[7] ?? to)[7]).toBeCloseTo(1, 2);
});

test('of several vectors of a table the nearest counts; a table without any has none', () => {
  const [a, b] = [chance(), chance()];
  const block = new VectorBlock(512, [encodeVectors([a, b]), undefined, encodeVectors([a])]);
  expect(block.filled).toBe(2);
  const near = block.nearness(b);
  expect(near[0]).toBeCloseTo(1, 2);
  expect(near[1]).toBeNaN();
  expect(near[2]).toBeCloseTo(cosine(a, b), 2);
});

test('bytes that begin anywhere in memory are read, and a vector of zeros is near to nothing', () => {
  const bytes = encodeVectors([chance()]);
  const shifted = new Uint8Array(bytes.byteLength + 3).subarray(3);
  shifted.set(bytes);
  expect(new VectorBlock(512, [shifted]).nearness(new Float32Array(512))[0]).toBe(0);
});
