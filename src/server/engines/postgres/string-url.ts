import type { ParsedString } from '../../../contract/engines.ts';
import { type Draft, finishAll, list, unreadable, type World } from '../string-draft.ts';
import { tornUrl, urlDrafts } from '../string-url.ts';

const scheme = /^(?:(jdbc:)postgres(?:ql)?:|postgres(?:ql)?(\+[a-z0-9_]+)?:(?=\/\/))(\/\/)?/i;

/** Whether the text starts like a URL of this engine. */
export const looksLikeUrl = (text: string): boolean => scheme.test(text);

/** Every way to read postgres://, postgresql://, postgresql+driver:// and jdbc:postgresql:, the likeliest first; never none. */
export function readUrlDrafts(world: World, text: string): [Draft, ...Draft[]] {
  const [prefix = '', jdbc, driver, slashes] = scheme.exec(text) ?? [];
  const rest = text.slice(prefix.length);
  // Without // a JDBC string is only a database, or /.
  const [best, ...others] = urlDrafts(world, slashes || rest.startsWith('/') ? rest : `/${rest}`, {
    begin(draft) {
      if (jdbc) list(draft, 'jdbc', null, 'not_needed', 'says which driver reads it');
      if (driver) list(draft, 'driver', driver.slice(1), 'not_needed', 'for another driver; Portcullis uses its own');
    },
  });
  return best ? [best, ...others] : [unreadable(world, tornUrl)];
}

/** Reads a URL; other ways to read it come as alternatives. */
export const readUrl = (world: World, text: string): ParsedString => finishAll(readUrlDrafts(world, text));
