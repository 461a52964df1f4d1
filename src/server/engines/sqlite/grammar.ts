import type { Grammar } from '../engine.ts';

/** How SQLite writes names. */
export const sqliteGrammar: Grammar = {
  dialect: 'sqlite',
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
};
