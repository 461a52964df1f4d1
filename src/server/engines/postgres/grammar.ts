import type { Grammar } from '../engine.ts';

/** How PostgreSQL writes names. */
export const postgresGrammar: Grammar = {
  dialect: 'postgresql',
  searchPath: ['public'],
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
};
