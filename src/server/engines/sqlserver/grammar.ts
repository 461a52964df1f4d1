import type { Grammar } from '../engine.ts';

/** How SQL Server writes names. */
export const sqlServerGrammar: Grammar = {
  dialect: 'mssql',
  searchPath: ['dbo'],
  quote: (identifier) => `[${identifier.replaceAll(']', ']]')}]`,
};
