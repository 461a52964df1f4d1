import { setOf } from '../sqlparser/dialect.ts';

/** Functions that compute from their arguments, the clock or chance alone. */
export const functions = setOf(
  // Numbers
  `abs acos asin atan atan2 bitand bit_and_agg ceil cos cosh exp floor ln log mod nanvl power remainder round sign sin sinh sqrt tan tanh trunc
  width_bucket greatest least`,
  // Text
  `ascii asciistr chr compose concat convert decompose dump initcap instr instrb length lengthb lower lpad ltrim nchr nls_initcap nls_lower
  nls_upper nlssort regexp_count regexp_instr regexp_like regexp_replace regexp_substr replace reverse rpad rtrim soundex substr substrb
  translate trim unistr upper vsize`,
  // Dates
  `add_months current_timestamp extract from_tz last_day localtimestamp months_between new_time next_day numtodsinterval numtoyminterval
  sys_extract_utc systimestamp to_date to_dsinterval to_timestamp to_timestamp_tz to_yminterval tz_offset`,
  // Choices and conversions
  `bin_to_num cast coalesce decode hextoraw lnnvl nullif nvl nvl2 rawtohex rawtonhex to_binary_double to_binary_float to_char to_clob to_lob
  to_multi_byte to_nchar to_nclob to_number to_single_byte to_boolean validate_conversion`,
  // Aggregates, windows and grouping
  `any_value approx_count approx_count_distinct approx_median approx_percentile approx_rank approx_sum avg corr corr_k corr_s count covar_pop
  covar_samp cume_dist dense_rank first_value group_id grouping grouping_id kurtosis_pop kurtosis_samp lag last_value lead listagg max median min
  nth_value ntile percent_rank percentile_cont percentile_disc rank ratio_to_report regr_avgx regr_avgy regr_count regr_intercept regr_r2
  regr_slope regr_sxx regr_sxy regr_syy row_number skewness_pop skewness_samp stats_mode stddev stddev_pop stddev_samp sum var_pop var_samp
  variance cube rollup checksum`,
  // Trees
  'sys_connect_by_path',
  // JSON
  `json_array json_arrayagg json_equal json_exists json_object json_objectagg json_query json_scalar json_serialize json_value json_table json_textcontains`,
  // Digests
  'ora_hash standard_hash sys_guid',
);

/** Values that are written without parentheses: of the clock, of a row of the answer, of a tree. */
export const bare = setOf(
  `sysdate systimestamp current_date current_timestamp localtimestamp dbtimezone sessiontimezone rownum level connect_by_isleaf connect_by_iscycle`,
);

/** Those of them that are no reserved words: a column may have their name. */
export const hidden = setOf(
  'systimestamp current_date current_timestamp localtimestamp dbtimezone sessiontimezone connect_by_isleaf connect_by_iscycle',
);

/** Words that the parser may take for grammar. */
export const words = setOf(
  `select distinct unique all from where group by having order siblings asc desc nulls first last offset fetch next row rows only percent ties as
  on using join inner left right full outer cross natural apply lateral union except intersect minus with values and or not in is null
  between like likec like2 like4 escape exists any some case when then else end collate over partition subpartition range groups preceding following unbounded
  current window ignore respect within keep dense_rank connect start prior nocycle connect_by_root interval to year month day hour minute
  second timezone_hour timezone_minute timezone_region timezone_abbr date timestamp at time zone local true false json strict lax unique keys
  wrapper without array conditional unconditional error empty object default conversion overflow truncate count absent returning pretty key
  value columns path ordinality nested for pivot unpivot include exclude sample block both leading trailing format char byte cast extract trim`,
);

/** Words before a parenthesis that are no functions, and functions that the parser knows by kinds of its own. */
export const before = setOf(
  `in and or not as any some all exists values on using where when then else case select from join having by over except union intersect minus
  between like is distinct lateral with within group grouping sets keep pivot unpivot partition subpartition sample json_table columns apply
  connect prior start day second year month hour minute offset fetch cast extract trim substr ceil floor position truncate validate_conversion rollup cube`,
);

export const types = setOf(
  `number integer int smallint decimal dec numeric float real double precision binary_float binary_double date timestamp interval char varchar
  varchar2 nchar nvarchar2 character varying national clob nclob blob raw long rowid json boolean byte zone local time`,
);

export const units = setOf('year month day hour minute second');
