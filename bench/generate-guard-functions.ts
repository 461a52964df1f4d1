import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../tests/support/postgres.ts';

/**
 * Writes src/server/engines/postgres/guard-functions.json from a real PostgreSQL: which functions of pg_catalog a
 * statement may call, by exact name. A name is left out as soon as one of its overloads is not harmless, and whole
 * families are left out although PostgreSQL calls them stable: they read other tables, the catalogue, files or settings.
 */
const families = new RegExp(
  `^(${[
    'pg_(?!typeof$|size_pretty$|size_bytes$|collation_for$)',
    'lo_',
    'lo(read|write)$',
    'dblink',
    'txid_',
    'binary_upgrade',
    'has_',
    'row_security',
    'to_reg',
    'reg(?!exp|r_)',
    'get_current_ts',
    'format_type',
    'current_(setting|query|schemas?|database|user)',
    'session_user',
    'user$',
    'version$',
    'getdatabaseencoding',
    'getpgusername',
    'inet_(client|server)',
    '(database|schema|table|query|cursor)_to_xml',
    'ts_(stat|rewrite|debug|lexize|parse|token_type)',
    '(obj|col|shobj)_description',
    'acl',
    'make_?acl',
    'is_?superuser',
    'set_config',
    'setseed',
    'nextval',
    'currval',
    'setval',
    'lastval',
    'amvalidate',
    'fmgr_',
    'plpgsql_',
    '.*_handler$',
    '.*_transfn$',
    '.*_validator$',
    'brin',
    'btint',
    'gin_?',
    'gist',
    'spg_',
    'hash(?!text$)',
    'heap_',
    'event_trigger',
    'trigger_',
    'unique_key_recheck',
    'RI_',
    'suppress_',
    'oid',
    'bttid',
    'btoid',
    'pg_lsn',
    'xid',
    'cid',
    'tid',
    'mxid',
    'shell_',
    'any(in|out|array_|elem|enum|non|range|compat|multi|send|recv)',
    'void',
    'internal',
    'record_(in|out|send|recv)',
    '.*(recv|send|typmodin|typmodout)$',
    '.*sel$',
    '.*joinsel$',
    '.*_support$',
    'array_typanalyze',
    'range_typanalyze',
    'ts_typanalyze',
    'bernoulli$',
    'system$',
    'jsonb?_populate_record',
    'unknown',
    'cstring',
    'in_range',
    '.*_sortsupport$',
    'windowagg',
    'aclexplode',
    'currtid',
    'icu_',
    'mode_final',
    '.*_(final|finalfn|accum|combine|serialize|deserialize|inv)$',
    'xpath_table',
    'satisfies_hash_partition',
    'tsvector_update',
    'lca_',
    'pgp_',
    'nameconcatoid',
    'tsmatchsel',
    'textanycat$|anytextcat$',
  ].join('|')})`,
);

/** Volatile ones that change nothing and tell nothing. */
const volatile = ['random', 'clock_timestamp', 'timeofday', 'gen_random_uuid', 'statement_timestamp'];

/** Harmless functions of newer versions, added by hand; an older server refuses them itself. */
const newer =
  'any_value array_reverse array_sample array_shuffle array_sort casefold crc32 crc32c date_add date_subtract erf erfc gamma lgamma random_normal to_bin to_oct unicode_assigned uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7'.split(
    ' ',
  );

const server = await startPostgres();
try {
  const rows = await server.sql(`
    SELECT p.proname AS name,
           bool_or(p.provolatile = 'v') AS volatile,
           bool_or(p.prorettype::regtype::text IN ('internal','trigger','event_trigger','language_handler','fdw_handler','index_am_handler','table_am_handler','tsm_handler','cstring','void')
             OR p.proargtypes::oid[] && ARRAY['internal'::regtype::oid, 'cstring'::regtype::oid, 'trigger'::regtype::oid]
             OR EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) a WHERE format_type(a, NULL) ~ '^reg(class|proc|oper|type|role|namespace|collation)' OR format_type(a, NULL) = 'aclitem')) AS inner,
           max(CASE WHEN p.proargmodes IS NOT NULL THEN (SELECT string_agg(n, ',' ORDER BY i) FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS x(n, m, i) WHERE m IN ('o','t','b')) END) AS outputs
      FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f','a','w') GROUP BY p.proname ORDER BY p.proname`);
  const operators = await server.sql(
    `SELECT DISTINCT oprname AS name FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace ORDER BY 1`,
  );
  const [version] = await server.sql('SHOW server_version');
  const allowed = rows.filter((row) => {
    const name = String(row.name);
    return !families.test(name) && row.inner !== true && (row.volatile !== true || volatile.includes(name));
  });
  const outputs = Object.fromEntries(
    allowed.filter((row) => row.outputs && row.name !== 'unnest').map((row) => [String(row.name), String(row.outputs).split(',')]),
  );
  const data = {
    source: `pg_proc and pg_operator of PostgreSQL ${String(version?.server_version).split(' ')[0]} by bench/generate-guard-functions.ts; ${rows.length} names looked at, plus ${newer.length} of newer versions`,
    functions: [...new Set([...allowed.map((row) => String(row.name)), ...newer])].sort().join(' '),
    outputs,
    operators: operators.map((row) => String(row.name)).join(' '),
  };
  const path = join(import.meta.dirname, '../src/server/engines/postgres/guard-functions.json');
  writeFileSync(path, `${JSON.stringify(data, null, 2)}\n`);
  console.log(`${allowed.length} of ${rows.length} functions, ${operators.length} operators`);
} finally {
  await server.stop();
}
