import type { TableDocument } from '../../contract/catalog.ts';
import { splitWords } from './words.ts';

/** Letters of one text that are embedded: what follows tells little, and costs the encoder more than what went before. */
const longest = 300;

const spaced = (name: string): string => splitWords(name).join(' ') || name;

/** What a table is called and has: its name and the names of its columns, as words. */
export const textOfNames = ({ name, columns }: TableDocument): string =>
  `${spaced(name)}: ${columns.map((column) => spaced(column.name)).join(', ')}`.slice(0, longest);

/** What is said of a table; null where nothing is. */
export const textOfComment = ({ name, comment }: TableDocument): string | null =>
  comment ? `${spaced(name)}: ${comment}`.slice(0, longest) : null;

/** The making of these texts: vectors of texts made otherwise are not compared with them. */
export const textVersion = 1;

/** The texts by whose vectors a table is found: what it is called and has, and what is said of it. */
export function textsOf(document: TableDocument): string[] {
  const comment = textOfComment(document);
  return comment === null ? [textOfNames(document)] : [textOfNames(document), comment];
}
