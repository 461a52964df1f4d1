import type { Grammar } from '../engine.ts';

/** How SQLite writes names. */
export const sqliteGrammar: Grammar = {
  dialect: 'sqlite',
  searchPath: ['main'],
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
};
