import type { Grammar } from '../engine.ts';

/** How this family writes names. */
export const grammarOf = (dialect: string): Grammar => ({
  dialect,
  // None: a connection has one database, so that a name without it can mean that one alone.
  searchPath: [],
  quote: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
});

/** How MySQL itself writes names. */
export const mysqlGrammar = grammarOf('mysql');
