import { setOf } from '../sqlparser/dialect.ts';

/** Functions that compute from their arguments, the clock or chance alone. */
export const functions = setOf(
  // Numbers
  `abs acos asin atan atn2 ceiling cos cot degrees exp floor log log10 pi power radians rand round sign sin sqrt square tan
  greatest least bit_count get_bit set_bit left_shift right_shift isnumeric`,
  // Text
  `ascii char charindex concat concat_ws difference format left len lower ltrim nchar patindex quotename replace replicate reverse right rtrim
  soundex space str string_agg string_escape stuff substring translate trim unicode upper datalength unistr
  regexp_like regexp_replace regexp_substr regexp_instr regexp_count edit_distance edit_distance_similarity jaro_winkler_distance jaro_winkler_similarity`,
  // Dates
  `current_timestamp current_timezone current_timezone_id date_bucket dateadd datediff datediff_big datefromparts datename datepart
  datetime2fromparts datetimefromparts datetimeoffsetfromparts datetrunc day eomonth getdate getutcdate isdate month smalldatetimefromparts
  switchoffset sysdatetime sysdatetimeoffset sysutcdatetime timefromparts todatetimeoffset year current_date`,
  // Choices and conversions
  'case cast coalesce choose convert iif isnull nullif parse try_cast try_convert try_parse newid',
  // Aggregates, windows and grouping
  `approx_count_distinct approx_percentile_cont approx_percentile_disc avg checksum_agg count count_big grouping grouping_id max min stdev stdevp sum
  var varp cume_dist dense_rank first_value lag last_value lead ntile percent_rank percentile_cont percentile_disc rank row_number cube rollup
  product any_value`,
  // JSON
  'isjson json_array json_arrayagg json_contains json_modify json_object json_objectagg json_path_exists json_query json_value',
  // Words of a text, digests
  'contains freetext checksum binary_checksum hashbytes compress decompress base64_encode base64_decode',
);

export const bare = setOf('current_timestamp current_date');

/** Functions that stand in FROM, with their columns. */
export const tableFunctions = {
  string_split: ['value', 'ordinal?'],
  generate_series: ['value'],
  regexp_split_to_table: ['value', 'ordinal'],
};

export const unitFunctions = setOf('dateadd datediff datediff_big datename datepart datetrunc date_bucket');

export const units = setOf(
  `year yy yyyy quarter qq q month mm m dayofyear dy y day dd d week wk ww weekday dw w hour hh minute mi n second ss s millisecond ms
  microsecond mcs nanosecond ns tzoffset tz iso_week isowk isoww`,
);

/** Words that the parser may take for grammar. */
export const words = setOf(
  `select distinct all top percent ties from where group by having order asc desc offset fetch next first row rows only as on join inner left right
  full outer cross apply union except intersect with values and or not in is null between like escape exists any some all case when then else
  end collate over partition range preceding following unbounded current window ignore respect nulls within for json xml path auto raw root
  include_null_values without_array_wrapper elements type binary base64 at time zone pivot unpivot openjson tablesample system repeatable
  absent key value returning cast convert try_cast try_convert parse try_parse trim leading trailing both distinct`,
);

/** Words before a parenthesis that are no functions, and functions that the parser knows by kinds of its own. */
export const before = setOf(
  `in and or not as any some all exists values on when then else case select from join having by over except union intersect between like is
  distinct with top pivot unpivot openjson apply root path raw tablesample group where offset fetch next first within cast convert try_cast
  try_convert parse try_parse trim substring ceiling floor`,
);

export const types = setOf(
  `bigint int integer smallint tinyint bit decimal dec numeric money smallmoney float real double precision date time datetime datetime2
  smalldatetime datetimeoffset char character varchar nchar nvarchar text ntext binary varbinary image max uniqueidentifier xml sql_variant json`,
);
