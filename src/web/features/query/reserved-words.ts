/**
 * Words that some dialect does not take as a name without quotes: of all of them together, so that none need be named here. One too many costs
 * two quotes, one too few a statement that does not run. A test holds them against what the guards of the engines know.
 */
export const reservedWords: ReadonlySet<string> = new Set(
  `access accessible add all alter analyse analyze and any apply array as asc asensitive asymmetric audit authorization autoincrement
  backup before begin between bigint binary blob both break browse bulk by call cascade case cast change char character check checkpoint
  close cluster clustered coalesce collate collation column comment commit compress compute concurrently condition conflict connect
  connect_by_root constraint containers contains containstable continue convert create cross cube cume_dist current current_catalog
  current_date current_role current_schema current_time current_timestamp current_user cursor cycle database databases date day_hour
  day_microsecond day_minute day_second dbcc deallocate dec decimal declare default deferrable delayed delete dense_rank deny desc
  describe deterministic disable disk distinct distinctrow distributed div do do_domain_ids double drop dual dump dumpfile each else
  elseif empty enable enclosed end errlvl escape escaped except exclude exclusive exec execute exists exit explain external false fetch
  file fillfactor filter first first_value flashback float float4 float8 following for force foreign freetext freetexttable freeze from
  full fulltext function general generated get glob go goto grant group grouping groups having high_priority holdlock hour_microsecond
  hour_minute hour_second identified identity identity_insert identitycol if ignore ignore_domain_ids ignore_server_ids ilike immediate in
  increment index indexed infile initial initially inner inout insensitive insert instead int int1 int2 int3 int4 int8 integer intersect
  interval into io_after_gtids io_before_gtids is isnull iterate join json_table keep key keys kill lag last last_value lateral lead
  leading leave left level library like limit linear lineno lines load localtime localtimestamp lock log long longblob longtext loop
  low_priority manual master_bind master_heartbeat_period master_ssl_verify_server_cert match match_recognize materialized maxextents
  maxvalue mediumblob mediumint mediumtext merge middleint minus minute_microsecond minute_second mlslabel mod mode model modifies modify
  national natural no no_write_to_binlog noaudit nocheck nocompress nocycle nonclustered not nothing notnull nowait nth_value ntile null
  nullif nulls number numeric of off offline offset offsets on online only open opendatasource openquery openrowset openxml optimize
  optimizer_costs option optionally or order others out outer outfile over overlaps page_checksum parallel parse_vcol_expr partition
  pctfree percent percent_rank pivot placing plan position pragma preceding precision primary print prior proc procedure public purge
  qualify query raise raiserror range rank raw read read_write reads readtext real receive reconfigure recursive ref_system_id references
  regexp reindex release rename repeat replace replication require resignal resource restore restrict return returning revert revoke right
  rlike rollback row row_number rowcount rowguidcol rowid rownum rows rule sample save savepoint schema schemas search second_microsecond
  securityaudit select semantickeyphrasetable semanticsimilaritydetailstable semanticsimilaritytable send sensitive separator session
  session_user set setuser shards share show shutdown siblings signal similar size skip slow smallint some spatial specific sql
  sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate sqlwarning ssl start starting statistics stats_auto_recalc
  stats_persistent stats_sample_pages stored straight_join subpartition successful symmetric synonym sysdate system system_user table
  tablesample temp temporary terminated textsize then throw ties tinyblob tinyint tinytext to top trailing tran transaction trigger true
  truncate try_convert tsequal uid unbounded undo union unique unlock unpivot unsigned update updatetext usage use user using utc_date
  utc_time utc_timestamp vacuum validate values varbinary varchar varchar2 varcharacter variadic varying verbose versions view virtual
  waitfor when whenever where while window with within without write writetext xor year_month zerofill`.split(/\s+/),
);
