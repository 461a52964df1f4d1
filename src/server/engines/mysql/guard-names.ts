import { setOf } from '../sqlparser/dialect.ts';

/** Functions that MySQL and MariaDB both have and that compute from their arguments, the clock or chance alone. */
export const functions = setOf(
  // Numbers
  `abs acos asin atan atan2 ceil ceiling conv cos cot crc32 degrees exp floor ln log log10 log2 mod oct hex unhex bin pi pow power radians
  rand round sign sin sqrt tan truncate greatest least bit_count`,
  // Text
  `ascii bit_length char char_length character_length concat concat_ws elt export_set field find_in_set format from_base64 insert instr
  lcase left length locate lower lpad ltrim make_set mid octet_length ord position quote regexp_instr regexp_replace regexp_substr repeat
  replace reverse right rpad rtrim soundex space strcmp substr substring substring_index to_base64 trim ucase upper weight_string`,
  // Dates
  `adddate addtime convert_tz curdate current_date current_time current_timestamp curtime date date_add date_format date_sub datediff day
  dayname dayofmonth dayofweek dayofyear extract from_days from_unixtime get_format hour last_day localtime localtimestamp makedate maketime
  microsecond minute month monthname now period_add period_diff quarter sec_to_time second str_to_date subdate subtime sysdate time
  time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days to_seconds unix_timestamp utc_date utc_time utc_timestamp
  week weekday weekofyear year yearweek`,
  // Choices and conversions
  'coalesce if ifnull isnull nullif interval cast convert row any_value',
  // Aggregates and windows
  `avg bit_and bit_or bit_xor count group_concat max min std stddev stddev_pop stddev_samp sum var_pop var_samp variance cume_dist
  dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`,
  // JSON
  `json_array json_array_append json_array_insert json_arrayagg json_contains json_contains_path json_depth json_extract json_insert json_keys
  json_length json_merge json_merge_patch json_merge_preserve json_object json_objectagg json_overlaps json_pretty json_quote json_remove
  json_replace json_search json_set json_storage_size json_type json_unquote json_valid json_value`,
  // Digests and the shapes of identifiers: no keys, no files
  'md5 sha sha1 sha2 uuid inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 compress uncompress uncompressed_length',
  // Shapes
  `st_area st_asgeojson st_asbinary st_astext st_aswkb st_aswkt st_buffer st_centroid st_contains st_convexhull st_crosses st_difference
  st_dimension st_disjoint st_distance st_distance_sphere st_endpoint st_envelope st_equals st_exteriorring st_geomfromgeojson st_geomfromtext
  st_geomfromwkb st_geometryfromtext st_geometryn st_geometrytype st_interiorringn st_intersection st_intersects st_isclosed st_isempty
  st_issimple st_length st_numgeometries st_numinteriorrings st_numpoints st_overlaps st_pointfromtext st_pointn st_srid st_startpoint
  st_symdifference st_touches st_union st_within st_x st_y point linestring polygon mbrcontains mbrcoveredby mbrdisjoint mbrequals
  mbrintersects mbroverlaps mbrtouches mbrwithin`,
);

/** What MySQL has beyond that. */
export const mysqlFunctions = setOf(
  `bin_to_uuid uuid_to_bin is_uuid format_bytes format_pico_time grouping json_schema_valid json_schema_validation_report json_storage_free
  json_table regexp_like st_geohash st_hausdorffdistance st_isvalid st_latfromgeohash st_latitude st_longfromgeohash st_longitude
  st_makeenvelope st_pointfromgeohash st_simplify st_swapxy st_transform st_validate`,
);

/** What MariaDB has beyond that. */
export const mariadbFunctions = setOf(
  `add_months chr json_compact json_detailed json_equals json_exists json_loose json_normalize json_object_filter_keys json_object_to_array
  json_array_intersect json_query json_table lengthb median months_between natural_sort_key nvl nvl2 percentile_cont percentile_disc rownum
  sformat sys_guid to_char crc32c`,
);

/** Values that are written without parentheses. */
export const bare = setOf('current_date current_time current_timestamp localtime localtimestamp utc_date utc_time utc_timestamp');

export const units = setOf(
  `microsecond second minute hour day week month quarter year date datetime time timestamp
  second_microsecond minute_microsecond minute_second hour_microsecond hour_second hour_minute day_microsecond day_second day_minute day_hour year_month`,
);

/** Character sets that a text may be converted to. */
export const charsets = setOf(
  `armscii8 ascii big5 binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 cp932 dec8 eucjpms euckr gb18030 gb2312 gbk geostd8 greek hebrew
  hp8 keybcs2 koi8r koi8u latin1 latin2 latin5 latin7 macce macroman sjis swe7 tis620 ucs2 ujis utf16 utf16le utf32 utf8 utf8mb3 utf8mb4`,
);

/** Words that the parser may take for grammar. */
export const words = setOf(
  `select distinct distinctrow all from where group by having order asc desc limit offset as on using join inner left right outer cross natural
  straight_join union except intersect minus with recursive rollup values row and or not xor in is null true false unknown between like rlike
  regexp sounds escape exists any some case when then else end div mod interval collate binary over partition rows range groups preceding
  following unbounded current window nulls first last ignore respect separator use force index key for lateral table member of against match
  language mode boolean query expansion natural at time zone columns path ordinality nested empty error default leading trailing both
  character charset set dual sql_no_cache sql_small_result sql_big_result sql_buffer_result returning cast
  convert extract within fetch next only ties`,
);

/** Words before a parenthesis that are no functions, and functions that the parser knows by kinds of its own. */
export const before = setOf(
  `in and or not as any some all exists values row on using where when then else case select from join having by over except union intersect
  between like rlike regexp is limit offset distinct lateral with interval div mod xor match against columns index key partition member of
  binary json_table cast convert extract trim substring substr position ceil ceiling floor window straight_join escape char
  group`,
);

export const types = setOf(
  `signed unsigned integer int bigint smallint tinyint mediumint decimal dec numeric float double real precision char nchar varchar varbinary binary
  date datetime time timestamp year json text tinytext mediumtext longtext blob tinyblob mediumblob longblob bit bool boolean character charset`,
);
