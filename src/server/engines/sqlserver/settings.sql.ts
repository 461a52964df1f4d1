/** Bits of @@OPTIONS that must be set and clear for statements to mean what the parser takes them to mean. */
export const mustBeSet = {
  8: 'ANSI_WARNINGS',
  16: 'ANSI_PADDING',
  32: 'ANSI_NULLS',
  64: 'ARITHABORT',
  256: 'QUOTED_IDENTIFIER',
  4096: 'CONCAT_NULL_YIELDS_NULL',
  16384: 'XACT_ABORT',
} as const;
export const mustBeClear = { 2: 'IMPLICIT_TRANSACTIONS', 8192: 'NUMERIC_ROUNDABORT' } as const;

/** How long a lock is waited for, at the most. */
const lockMs = 5000;

/**
 * Puts the session under our settings, whatever the login's own are, and tells what they are then: a column each of `shown`. There is no
 * read-only transaction to ask for. Rows are versioned where the database keeps versions, so that reading holds nobody up.
 */
export const settingsSql = (statementTimeoutMs: number): string => `
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
SET XACT_ABORT ON; SET IMPLICIT_TRANSACTIONS OFF; SET CURSOR_CLOSE_ON_COMMIT OFF;
SET QUOTED_IDENTIFIER ON; SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; SET ARITHABORT ON;
SET CONCAT_NULL_YIELDS_NULL ON; SET NUMERIC_ROUNDABORT OFF; SET ANSI_NULL_DFLT_ON ON;
SET ROWCOUNT 0; SET TEXTSIZE 2147483647; SET LANGUAGE us_english; SET DATEFORMAT mdy; SET DATEFIRST 7;
SET LOCK_TIMEOUT ${Math.max(1, Math.round(Math.min(lockMs, statementTimeoutMs)))}; SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND snapshot_isolation_state = 1)
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT
ELSE
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
SELECT @@OPTIONS, @@TRANCOUNT, @@LOCK_TIMEOUT, @@TEXTSIZE, @@LANGUAGE, @@DATEFIRST, DB_NAME(), s.date_format, s.transaction_isolation_level,
  SESSIONPROPERTY('QUOTED_IDENTIFIER'), SESSIONPROPERTY('ANSI_NULLS'), SESSIONPROPERTY('ANSI_PADDING'), SESSIONPROPERTY('ANSI_WARNINGS'),
  SESSIONPROPERTY('ARITHABORT'), SESSIONPROPERTY('CONCAT_NULL_YIELDS_NULL'), SESSIONPROPERTY('NUMERIC_ROUNDABORT')
FROM (SELECT 1 AS one) x LEFT JOIN sys.dm_exec_sessions s ON s.session_id = @@SPID;`;

/** Where versions of rows do not reach: a view over another database that keeps none. */
export const committedSql = 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED;';
