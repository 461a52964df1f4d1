import { abbreviations } from './abbreviations.ts';
import { questionExpansions } from './question-expansions.ts';
import { stopWords } from './stop-words.ts';
import { splitWords, stemOf } from './words.ts';

/** A word of a question, and the stems of a schema that it may mean, each with how surely. */
export interface QuestionWord {
  /** As the person wrote it; empty for what the question asks without saying (a name, where somebody is named). */
  readonly text: string;
  readonly stems: ReadonlyMap<string, number>;
  /** Whether longer and shorter words count too: not for names and numbers. */
  readonly soft: string | null;
}

/** The words of a question that may name something in a schema. */
export function readQuestion(question: string): QuestionWord[] {
  const named = properNouns(question);
  const words = new Map<string, QuestionWord>();
  for (const [word, text] of surfaceWords(question)) {
    if (/^\d+$/.test(word)) {
      if (/^(19|20)\d\d$/.test(word))
        words.set(word, {
          text,
          stems: weighed(
            [],
            [
              ['year', 0.6],
              ['date', 0.5],
            ],
          ),
          soft: null,
        });
      continue;
    }
    const asked = questionExpansions.get(word) ?? [];
    const stop = stopWords.has(word) || asking.has(word);
    if ((stop && asked.length === 0) || word.length < 2) continue;
    const also = asked.map((other) => [other, 0.6] as const);
    const long = (abbreviations.get(word) ?? []).map((other) => [other, 0.9] as const);
    words.set(word, { text, stems: weighed(stop ? [] : [word], [...also, ...long]), soft: stop || named.has(word) ? null : stemOf(word) });
  }
  if ([...words.keys()].some((word) => named.has(word)))
    words.set('', {
      text: '',
      stems: weighed(
        [],
        [
          ['name', 0.7],
          ['title', 0.4],
        ],
      ),
      soft: null,
    });
  return [...words.values()];
}

const asking = new Set(['who', 'where', 'when']);

/** Each word, split as identifiers are, with the word it was written as. */
function surfaceWords(question: string): [string, string][] {
  const written = question.replace(/\b(?=\w*\d)[\da-f-]{8,}\b/gi, ' ').match(/[\p{L}\p{M}\p{N}_]+(?:['’]\p{L}+)?/gu) ?? [];
  return written.flatMap((text) => splitWords(text).map((word): [string, string] => [word, text]));
}

/** Words with a capital in the midst of a sentence, unless the question has them in small letters too. */
function properNouns(question: string): Set<string> {
  const capital = new Set<string>();
  const small = new Set<string>();
  for (const { 0: text, index } of question.matchAll(/\p{L}[\p{L}\p{N}'’-]*/gu)) {
    const starts = /(^|[.!?:"“(])\s*$/.test(question.slice(Math.max(0, index - 20), index));
    for (const word of splitWords(text)) (/^\p{Lu}/u.test(text) && !starts && text !== 'I' ? capital : small).add(word);
  }
  for (const word of small) capital.delete(word);
  return capital;
}

function weighed(exact: readonly string[], soft: readonly (readonly [string, number])[]): Map<string, number> {
  const stems = new Map(exact.map((word) => [stemOf(word), 1]));
  for (const [word, weight] of soft) stems.set(stemOf(word), Math.max(weight, stems.get(stemOf(word)) ?? 0));
  return stems;
}
