import type { TableDocument } from '../../contract/catalog.ts';
import type { FoundTable, Why } from '../../contract/retrieval.ts';
import type { HeardWord } from './hearing.ts';
import { type About, aboutStems, places, spelledOut } from './word-index.ts';
import { splitWords, stemOf } from './words.ts';

/** A text of a table in which words were looked for. */
interface Spot {
  readonly where: Why['where'];
  readonly strength: number;
  readonly text: string;
  readonly stems: ReadonlySet<string>;
}

const strengthOf = new Map<string, number>(places.map(({ place, strength }) => [place, strength]));
const mostColumns = 5;
const longestText = 160;
/** So many characters of a table's names, and of its comments and values, are looked at: it could have millions, and each found table is read anew. */
const mostText = { names: 60_000, others: 30_000 } as const;

/** Why a table came up: each word of the question and the best place it was found at, and the columns that fit best. */
export function explainTable(document: TableDocument, heard: readonly HeardWord[], about: About): Pick<FoundTable, 'columns' | 'why'> {
  const own = tableSpots(document);
  const columns = spotsOfColumns(document.columns);
  const spots = [...own, ...columns.flatMap(({ spots }) => spots), aboutSpot(about)];
  const why = heard.flatMap(({ word, stems }): Why[] => {
    if (word.text === '') return [];
    let best: { spot: Spot; fit: number } | null = null;
    for (const spot of spots) {
      const fit = spot.strength * fitOf(spot.stems, stems);
      if (fit > (best?.fit ?? 0)) best = { spot, fit };
    }
    return best ? [{ word: word.text, where: best.spot.where, text: shortened(best.spot.text) }] : [];
  });
  return { columns: bestColumns(columns, heard), why: unique(why) };
}

/** Why a table came up that has no word of the question: what was asked, and what is said of the table or else what it has. */
export function explainMeaning({ name, comment, columns }: TableDocument, heard: readonly HeardWord[]): Why[] {
  const word = [...new Set(heard.map((one) => one.word.text).filter(Boolean))].join(' ');
  const text = comment ?? `${name}: ${columns.map((column) => column.name).join(', ')}`;
  return word === '' ? [] : [{ word: shortened(word), where: 'meaning', text: shortened(text) }];
}

/** How surely one of the stems stands in the text. */
function fitOf(text: ReadonlySet<string>, stems: ReadonlyMap<string, number>): number {
  let fit = 0;
  for (const stem of text) fit = Math.max(fit, stems.get(stem) ?? 0);
  return fit;
}

const stemsOf = (text: string): Set<string> => new Set(splitWords(text).flatMap((word) => [word, ...spelledOut(word)].map(stemOf)));
const spot = (where: Why['where'], place: string, text: string | null): Spot[] =>
  text ? [{ where, strength: strengthOf.get(place) ?? 0, text, stems: stemsOf(text) }] : [];

function tableSpots({ schema, name, comment }: TableDocument): Spot[] {
  return [...spot('table', 'table', name), ...spot('comment', 'comment', comment), ...spot('table', 'schema', schema)];
}

type Column = TableDocument['columns'][number];
interface ColumnSpots {
  readonly column: Column;
  /** Its name first. */
  readonly spots: readonly Spot[];
}

/** Where words may stand in the columns, as far as there is room: names before all else. */
function spotsOfColumns(columns: readonly Column[]): ColumnSpots[] {
  const left: { names: number; others: number } = { ...mostText };
  const fits = (text: string | null, room: keyof typeof left): text is string => {
    if (text === null || left[room] < text.length) return false;
    left[room] -= text.length;
    return true;
  };
  const named = columns.filter(({ name }) => fits(name, 'names'));
  return named.map((column) => {
    const comment = fits(column.comment, 'others') ? spot('comment', 'columnComment', column.comment) : [];
    const values = (column.enumValues ?? []).slice(0, 60).filter((value) => fits(value, 'others'));
    return {
      column,
      spots: [...spot('column', 'column', column.name), ...comment, ...values.flatMap((value) => spot('value', 'value', value))],
    };
  });
}

function aboutSpot(about: About): Spot {
  return { where: 'description', strength: 0.1, text: about.description || about.name, stems: new Set(aboutStems(about).keys()) };
}

/** The columns that have most of the question, those first whose name it says wholly. */
function bestColumns(columns: readonly ColumnSpots[], heard: readonly HeardWord[]): FoundTable['columns'] {
  const scored = columns.map(({ column, spots: [name, ...others] }) => {
    let [score, said] = [0, 0];
    for (const { stems, share } of heard) {
      const inName = name ? fitOf(name.stems, stems) : 0;
      said += inName;
      score += share * Math.max(inName, ...others.map((other) => other.strength * fitOf(other.stems, stems)));
    }
    return { column, score: score * (0.4 + 0.6 * Math.min(1, said / Math.max(1, splitWords(column.name).length))) };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, mostColumns)
    .map(({ column: { name, type, comment } }) => ({ name, type, comment }));
}

const unique = (why: readonly Why[]): Why[] => [
  ...new Map(why.map((one) => [JSON.stringify([one.word.toLowerCase(), one.where, one.text]), one])).values(),
];

const shortened = (text: string): string => (text.length <= longestText ? text : `${[...text].slice(0, longestText - 1).join('')}…`);

/** The reasons in one sentence. Names in it come from the database: they are quoted, and stay data. */
export function summarize(why: readonly Why[], readable: boolean): string {
  const words = (where: Why['where']) =>
    [...new Set(why.filter((one) => one.where === where).map((one) => `“${one.word}”`))].slice(0, 4).join(', ');
  const texts = (where: Why['where']) =>
    [...new Set(why.filter((one) => one.where === where).map((one) => one.text))].slice(0, 3).join(', ');
  const parts = [
    words('table') && `${words('table')} in its name`,
    words('column') && `${words('column')} in its columns (${texts('column')})`,
    words('comment') && `${words('comment')} in its comments`,
    words('value') && `${words('value')} among its values (${texts('value')})`,
    words('description') && `${words('description')} in the description of the connection`,
    texts('neighbour') && `joined to ${texts('neighbour')}`,
    words('meaning') && `${words('meaning')} near to what it holds (${texts('meaning')})`,
  ].filter(Boolean);
  const reasons = parts.length === 0 ? 'Near to the other tables found' : parts.join('; ');
  return `${reasons.charAt(0).toUpperCase()}${reasons.slice(1)}.${readable ? '' : ' The credential of this connection may not read it.'}`;
}
