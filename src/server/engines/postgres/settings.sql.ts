/**
 * Sets the limits of the session, and how it writes values: exactly, and the same whatever the role's own settings are. Every name is written
 * with its schema, because the search path is not ours yet.
 */
export const settingsSql = `SELECT
  pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false),
  pg_catalog.set_config('default_transaction_read_only', 'on', false),
  pg_catalog.set_config('statement_timeout', $1, false),
  pg_catalog.set_config('lock_timeout', $2, false),
  pg_catalog.set_config('idle_in_transaction_session_timeout', $3, false),
  pg_catalog.set_config('quote_all_identifiers', 'off', false),
  pg_catalog.set_config('standard_conforming_strings', 'on', false),
  pg_catalog.set_config('datestyle', 'ISO', false),
  pg_catalog.set_config('intervalstyle', 'postgres', false),
  pg_catalog.set_config('bytea_output', 'hex', false),
  pg_catalog.set_config('extra_float_digits', '1', false),
  pg_catalog.set_config('client_min_messages', 'error', false)`;

/** Reads back what the settings are by now. */
export const shownSql = `SELECT
  pg_catalog.current_setting('default_transaction_read_only'),
  pg_catalog.current_setting('search_path'),
  pg_catalog.current_setting('statement_timeout'),
  pg_catalog.current_setting('lock_timeout'),
  pg_catalog.current_setting('idle_in_transaction_session_timeout')`;

/** Where the server has them: looking now and then whether the client is still there (14 and later), and no compiling of large catalogue queries. */
export const optionalSql = `SELECT pg_catalog.set_config(name, CASE name WHEN 'jit' THEN 'off' ELSE '2000' END, false)
  FROM pg_catalog.pg_settings WHERE name IN ('client_connection_check_interval', 'jit')`;
