/**
 * How often the search finds all the tables a question needs, over all databases of a benchmark at once: by words alone, by vectors
 * alone, by both as the product does, and by both ranks added up.
 *   node bench/retrieval.ts <folder of the benchmark data> <where vectors are kept>
 * The data is not part of the project. At its first run the encoder embeds all texts, which takes minutes. Of Spider-Syn (questions
 * that avoid the words of the schema) those of its training part are asked that no weight was fitted on.
 */
import { rankTables } from '../src/server/retrieval/rank-tables.ts';
import { textsOf } from '../src/server/retrieval/table-texts.ts';
import { encodeVectors, VectorBlock } from '../src/server/retrieval/vector-codes.ts';
import { indexWords } from '../src/server/retrieval/word-index.ts';
import { KeptVectors } from './kept-vectors.ts';
import { type Benchmark, goldOf, passagesOf, readBenchmark } from './retrieval-data.ts';
import { shuffled } from './shuffled.ts';

const ranks = [1, 5, 10, 15] as const;
const [folder, place] = process.argv.slice(2);

/** Questions of the part that the fit never sees: it takes at most 900 from the front of the same order. */
function unseen(benchmark: Benchmark): Benchmark {
  return { ...benchmark, questions: shuffled(benchmark.questions, 12_345).slice(900, 1800) };
}

async function compare(name: string, benchmark: Benchmark, vectors: KeptVectors): Promise<void> {
  const { questions } = benchmark;
  const documents = [...benchmark.databases.values()];
  await vectors.learn([...documents.flat().flatMap(textsOf), ...questions.map(({ question }) => question)], (done, total) =>
    console.log(`${done} of ${total} texts of ${name} embedded`),
  );
  const passages = [...passagesOf(benchmark)];
  const indexes = passages.map(([about, list]) => indexWords(list, { name: about, description: '' }));
  const blocks = documents.map(
    (list) =>
      new VectorBlock(
        512,
        list.map((one) => encodeVectors(textsOf(one).map((text) => vectors.get(text)))),
      ),
  );
  const nameOf = ({ source, table }: { source: number; table: number }) =>
    `${passages[source]?.[0]}|${passages[source]?.[1][table]?.table}`;
  const ways = new Map<string, number[]>();
  let milliseconds = 0;
  for (const asked of questions) {
    const { question } = asked;
    const gold = goldOf(asked);
    const count = (way: string, places: readonly string[]): void => {
      const hits = ways.get(way) ?? ranks.map(() => 0);
      ways.set(
        way,
        hits.map((n, i) => n + Number(gold.every((table) => places.slice(0, ranks[i]).includes(table)))),
      );
    };
    const words = rankTables(question, indexes, 60).tables.map(nameOf);
    const from = performance.now();
    const near = blocks.map((block) => block.nearness(vectors.get(question)));
    const fused = rankTables(question, indexes, 15, near).tables.map(nameOf);
    milliseconds += performance.now() - from;
    const meaning = near
      .flatMap((list, source) => [...list].map((cosine, table) => ({ source, table, cosine })))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, 60)
      .map(nameOf);
    count('words alone', words);
    count('vectors alone', meaning);
    count('ranks added', addedRanks(words, meaning));
    count('words and vectors', fused);
  }
  console.log(`${name}: ${indexes.length} databases, ${documents.flat().length} tables, ${questions.length} questions`);
  for (const [way, hits] of ways)
    console.log(`  ${way.padEnd(18)}${hits.map((n, i) => `@${ranks[i]} ${((100 * n) / questions.length).toFixed(1)}`).join('  ')}`);
  console.log(`  ${(milliseconds / questions.length).toFixed(1)} ms a question, without the encoder`);
}

/** Reciprocal ranks added up (k = 60), the usual way where nothing is fitted. */
function addedRanks(...lists: readonly (readonly string[])[]): string[] {
  const scores = new Map<string, number>();
  for (const list of lists) for (const [rank, one] of list.entries()) scores.set(one, (scores.get(one) ?? 0) + 1 / (60 + rank + 1));
  return [...scores].sort((a, b) => b[1] - a[1]).map(([one]) => one);
}

if (!folder || !place) throw new Error('give the folder of the benchmark data and where vectors are kept');
const vectors = new KeptVectors(place);
for (const name of ['spider', 'bird', 'beaver']) await compare(name, readBenchmark(folder, name, 'dev'), vectors);
await compare('spider-syn', unseen(readBenchmark(folder, 'spider', 'syntrain')), vectors);
