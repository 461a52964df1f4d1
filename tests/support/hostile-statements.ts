/** A class of statement that a guard refuses, as each engine writes it; null where it has no such thing. */
export interface Hostile {
  readonly what: string;
  readonly postgresql: string | null;
  readonly sqlite: string | null;
}

/**
 * What the session alone stops is found out with these; the guard, which refuses them all, is not asked. `{loot}` is a file that is not there,
 * `{dsn}` the way back into the same database with the same login.
 */
export const hostileStatements: readonly Hostile[] = [
  { what: 'two statements', postgresql: 'SELECT 1; DROP TABLE public.crew', sqlite: 'SELECT 1; DROP TABLE crew' },
  { what: 'escape from the transaction', postgresql: 'COMMIT', sqlite: 'COMMIT' },
  { what: 'a transaction that may write', postgresql: 'SET TRANSACTION READ WRITE', sqlite: 'BEGIN IMMEDIATE' },
  { what: 'INSERT', postgresql: "INSERT INTO public.crew (name) VALUES ('x')", sqlite: "INSERT INTO crew (name) VALUES ('x')" },
  { what: 'UPDATE', postgresql: "UPDATE public.crew SET name = 'x'", sqlite: "UPDATE crew SET name = 'x'" },
  { what: 'DELETE', postgresql: 'DELETE FROM public.crew', sqlite: 'DELETE FROM crew' },
  {
    what: 'a write in a CTE',
    postgresql: 'WITH d AS (DELETE FROM public.crew RETURNING *) SELECT * FROM d',
    sqlite: 'WITH d AS (SELECT 1) DELETE FROM crew',
  },
  { what: 'SELECT INTO', postgresql: 'SELECT * INTO loot FROM public.crew', sqlite: null },
  { what: 'EXPLAIN that runs', postgresql: 'EXPLAIN ANALYZE DELETE FROM public.crew', sqlite: 'EXPLAIN DELETE FROM crew' },
  { what: 'row locks', postgresql: 'SELECT * FROM public.crew FOR UPDATE', sqlite: null },
  { what: 'table lock', postgresql: 'LOCK TABLE public.crew IN ACCESS EXCLUSIVE MODE', sqlite: null },
  { what: 'CREATE TABLE', postgresql: 'CREATE TABLE public.loot (a int)', sqlite: 'CREATE TABLE loot (a int)' },
  { what: 'temporary table', postgresql: 'CREATE TEMP TABLE loot (a int)', sqlite: 'CREATE TEMP TABLE loot (a int)' },
  { what: 'DROP', postgresql: 'DROP TABLE public.crew', sqlite: 'DROP TABLE crew' },
  { what: 'ALTER', postgresql: 'ALTER TABLE public.crew ADD COLUMN x int', sqlite: 'ALTER TABLE crew ADD COLUMN x int' },
  { what: 'TRUNCATE', postgresql: 'TRUNCATE public.crew', sqlite: null },
  { what: 'GRANT', postgresql: 'GRANT ALL ON public.crew TO PUBLIC', sqlite: null },
  { what: 'CREATE FUNCTION', postgresql: "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", sqlite: null },
  {
    what: 'CREATE TRIGGER',
    postgresql: 'CREATE TRIGGER t BEFORE INSERT ON public.crew EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    sqlite: 'CREATE TRIGGER t AFTER INSERT ON crew BEGIN SELECT 1; END',
  },
  { what: 'code block', postgresql: "DO $$ BEGIN PERFORM pg_notify('a', 'b'); END $$", sqlite: null },
  { what: 'a function that writes', postgresql: 'SELECT public.add_crew()', sqlite: null },
  { what: 'next value of a sequence', postgresql: "SELECT nextval('public.crew_id_seq')", sqlite: null },
  { what: 'read a file of the server', postgresql: "SELECT pg_read_file('PG_VERSION')", sqlite: "SELECT readfile('/etc/hostname')" },
  { what: 'list files of the server', postgresql: "SELECT * FROM pg_ls_dir('.')", sqlite: null },
  { what: 'copy out to the client', postgresql: 'COPY public.crew TO STDOUT', sqlite: null },
  { what: 'copy out to a file', postgresql: "COPY public.crew TO '{loot}'", sqlite: "VACUUM INTO '{loot}'" },
  { what: 'copy out to a program', postgresql: "COPY public.crew TO PROGRAM 'cat > {loot}'", sqlite: null },
  { what: 'large object', postgresql: "SELECT lo_from_bytea(0, 'x')", sqlite: null },
  {
    what: 'another database',
    postgresql: "SELECT public.dblink_exec('{dsn}', 'DELETE FROM public.crew')",
    sqlite: "ATTACH DATABASE ':memory:' AS other",
  },
  { what: 'load code', postgresql: "LOAD 'auto_explain'", sqlite: "SELECT load_extension('x')" },
  { what: 'setting of the session', postgresql: 'SET default_transaction_read_only = off', sqlite: 'PRAGMA query_only = 0' },
  {
    what: 'setting by a function',
    postgresql: "SELECT set_config('statement_timeout', '0', false)",
    sqlite: 'SELECT * FROM pragma_query_only',
  },
  { what: 'setting of the file', postgresql: null, sqlite: 'PRAGMA journal_mode = WAL' },
  { what: 'version in the header', postgresql: null, sqlite: 'PRAGMA user_version = 7' },
  { what: 'writable schema', postgresql: null, sqlite: 'PRAGMA writable_schema = 1' },
  { what: 'become another role', postgresql: 'SET ROLE pg_monitor', sqlite: null },
  { what: 'lock that outlives the transaction', postgresql: 'SELECT pg_advisory_lock(1)', sqlite: null },
  { what: 'prepared statement', postgresql: 'PREPARE p AS SELECT 1', sqlite: null },
  { what: 'cursor that outlives the transaction', postgresql: 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', sqlite: null },
  { what: 'LISTEN', postgresql: 'LISTEN a', sqlite: null },
  { what: 'NOTIFY', postgresql: "SELECT pg_notify('a', 'b')", sqlite: null },
  { what: 'write to the log of changes', postgresql: "SELECT pg_logical_emit_message(false, 'a', 'b')", sqlite: null },
  { what: 'end the session of another', postgresql: 'SELECT pg_terminate_backend(0)', sqlite: null },
  { what: 'configuration of the server', postgresql: 'SELECT pg_reload_conf()', sqlite: null },
  { what: 'configuration that is kept', postgresql: "ALTER SYSTEM SET work_mem = '8MB'", sqlite: null },
  { what: 'VACUUM', postgresql: 'VACUUM public.crew', sqlite: 'VACUUM' },
  { what: 'ANALYZE', postgresql: 'ANALYZE public.crew', sqlite: 'ANALYZE' },
  { what: 'REINDEX', postgresql: 'REINDEX TABLE public.crew', sqlite: 'REINDEX' },
  { what: 'passwords in the catalogue', postgresql: 'SELECT rolpassword FROM pg_authid', sqlite: null },
  { what: 'catalogue', postgresql: 'SELECT relname FROM pg_class', sqlite: 'SELECT sql FROM sqlite_schema' },
  { what: 'what others run', postgresql: 'SELECT query FROM pg_stat_activity', sqlite: null },
  { what: 'query in a string', postgresql: "SELECT query_to_xml('SELECT 1', true, false, '')", sqlite: null },
  { what: 'sleep', postgresql: 'SELECT pg_sleep(0.01)', sqlite: null },
  { what: 'large values of nothing', postgresql: "SELECT length(repeat('x', 100000000))", sqlite: 'SELECT length(zeroblob(900000000))' },
];
