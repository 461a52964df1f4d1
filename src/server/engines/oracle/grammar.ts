import type { Grammar } from '../engine.ts';

/** How Oracle writes names. A quoted name cannot hold a quote: one that does is made one that does not exist. */
export const oracleGrammar: Grammar = {
  dialect: 'oracle',
  searchPath: [],
  quote: (identifier) => `"${identifier.replaceAll('"', '�')}"`,
};
