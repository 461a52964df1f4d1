/**
 * How often the word search finds all the tables a question needs, over all databases of a benchmark at once.
 *   node bench/retrieval-words.ts <folder of the benchmark data>
 * and how fast it is on 10,000 generated tables. The data is not part of the project; without it only the speed is measured.
 */
import { existsSync } from 'node:fs';
import type { TableDocument } from '../src/contract/catalog.ts';
import { type Passage, passageOf } from '../src/server/retrieval/passage.ts';
import { rankTables } from '../src/server/retrieval/rank-tables.ts';
import { indexWords, type WordIndex } from '../src/server/retrieval/word-index.ts';
import { goldOf, passagesOf, readBenchmark } from './retrieval-data.ts';

const ranks = [1, 5, 10, 15] as const;
/** BM25 over the same words, as measured when the recipe was made (CR@5, @10, @15). */
const plain: Readonly<Record<string, string>> = { spider: '76.6 83.9 85.6', bird: '60.5 71.6 76.5', beaver: '7.2 18.2 29.7' };

function timed<T>(work: () => T): [T, number] {
  const from = performance.now();
  const result = work();
  return [result, performance.now() - from];
}

const quantile = (times: readonly number[], part: number): string =>
  (times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? 0).toFixed(1);

function search(
  questions: readonly string[],
  indexes: readonly WordIndex[],
  each: (question: number, tables: ReturnType<typeof rankTables>['tables']) => void,
): string {
  const times = questions.map((question, i) => {
    const [{ tables }, ms] = timed(() => rankTables(question, indexes, 15));
    each(i, tables);
    return ms;
  });
  return `${quantile(times, 0.5)} / ${quantile(times, 0.95)} ms`;
}

function measure(folder: string, name: string): void {
  const benchmark = readBenchmark(folder, name, 'dev');
  const passages = [...passagesOf(benchmark)];
  const [indexes, building] = timed(() => passages.map(([about, list]) => indexWords(list, { name: about, description: '' })));
  const hits = new Map<number, number>();
  const { questions } = benchmark;
  const speed = search(
    questions.map(({ question }) => question),
    indexes,
    (question, tables) => {
      const asked = questions[question];
      const places = tables.map(({ source, table }) => `${passages[source]?.[0]}|${passages[source]?.[1][table]?.table}`);
      for (const k of ranks)
        if (asked && goldOf(asked).every((gold) => places.slice(0, k).includes(gold))) hits.set(k, (hits.get(k) ?? 0) + 1);
    },
  );
  const shown = ranks.map((k) => `@${k} ${((100 * (hits.get(k) ?? 0)) / questions.length).toFixed(1)}`).join('  ');
  const tables = indexes.reduce((sum, index) => sum + index.size, 0);
  console.log(`${name.padEnd(7)} ${indexes.length} databases, ${tables} tables, ${questions.length} questions`);
  console.log(
    `        all tables found  ${shown}   (BM25 @5 @10 @15: ${plain[name]})   index ${building.toFixed(0)} ms, question p50 / p95 ${speed}`,
  );
}

/** Tables of ten columns with names, comments and keys as they might be. */
function generated(count: number): Passage[] {
  const things =
    'order invoice payment customer supplier shipment product contract employee ticket asset budget account device route policy claim patient lesson'.split(
      ' ',
    );
  const aspects =
    'header line history status note attachment approval schedule limit rating balance event audit mapping forecast allocation summary archive'.split(
      ' ',
    );
  const fields =
    'amount quantity region currency priority owner channel category version score label source target code phase weight'.split(' ');
  const pick = (words: readonly string[], at: number) => words[at % words.length] ?? '';
  return Array.from({ length: count }, (_, i): Passage => {
    const column = (name: string): TableDocument['columns'][number] => ({
      name,
      position: 1,
      type: 'text',
      nullable: true,
      default: null,
      identity: false,
      generated: false,
      comment: null,
      enumValues: null,
      readable: true,
    });
    const name = (n: number) => `${pick(things, n)}_${pick(aspects, Math.floor(n / 19))}_${n}`;
    return passageOf({
      schema: `area_${i % 10}`,
      name: name(i),
      kind: 'table',
      comment: `The ${pick(aspects, Math.floor(i / 19))} of each ${pick(things, i)}, kept for ${pick(fields, i)}.`,
      readable: true,
      partitions: [],
      partitionedBy: null,
      dependsOn: [],
      keys: [],
      indexes: [],
      columns: [
        'id',
        'parent_id',
        'changed_at',
        ...Array.from({ length: 7 }, (_, k) => `${pick(fields, i + k * 3)}_${pick(aspects, i * 7 + k)}_name`),
      ].map(column),
      foreignKeys:
        i === 0
          ? []
          : [
              {
                name: 'parent',
                columns: ['parent_id'],
                schema: `area_${(i - 1) % 10}`,
                table: name(i - 1),
                referencedColumns: ['id'],
                onDelete: 'NO ACTION',
                validated: true,
              },
            ],
    });
  });
}

function measureSpeed(count: number): void {
  const passages = generated(count);
  const [index, building] = timed(() => indexWords(passages, { name: 'generated', description: '' }));
  const questions = Array.from({ length: 200 }, (_, i) => {
    const words = passages[(i * 7919) % count]?.columns ?? [];
    return `What is the name, ${words[4]?.name.join(' ')} and ${words[5]?.name.join(' ')} of each ${passages[(i * 31) % count]?.words.table.join(' ')} changed in 2024?`;
  });
  console.log(
    `${count} generated tables of 10 columns: index ${building.toFixed(0)} ms, question p50 / p95 ${search(questions, [index], () => {})}`,
  );
}

const [folder] = process.argv.slice(2);
if (folder && existsSync(folder)) for (const name of ['spider', 'bird', 'beaver']) measure(folder, name);
else console.log('No benchmark data: give its folder to measure what is found.');
measureSpeed(10_000);
