import * as languages from '@codemirror/lang-sql';
import type { SqlStyle } from '../../../contract/engines.ts';

/** The editor's dialect of that name, the standard's where it has none; names are in the engine's own quotes, whatever else the dialect takes for them. */
export function dialectOf({ editor, open }: SqlStyle): languages.SQLDialect {
  const found = Object.entries(languages).find(([name]) => name === editor)?.[1];
  const { spec } = found instanceof languages.SQLDialect ? found : languages.StandardSQL;
  const others = (spec.identifierQuotes ?? '"').replaceAll(open, '');
  return languages.SQLDialect.define({
    ...spec,
    identifierQuotes: `${open}${others}`,
    // Some take every text in double quotes for a value, also where it is a name.
    doubleQuotedStrings: open !== '"' && spec.doubleQuotedStrings === true,
  });
}
