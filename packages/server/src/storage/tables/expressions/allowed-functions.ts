// What row expressions and user SQL may call: an allow list, so that a function DuckDB adds tomorrow is refused until somebody has looked at it.
// Left out on purpose: everything that reads the machine, files, settings, the catalogue or the clock, that is random, or that runs SQL given as text.

const words = (list: string) => list.trim().split(/\s+/);

const operators = words('+ - * / // % ** ^ || ~~ !~~ ~~* !~~* ~~~ ~ ! & | << >> ^@ @ @> <@ && -> ->> <-> <=> !~ ~* !~* ! __postfix');
const mathematics = words(`abs acos acosh add asin asinh atan atan2 atanh bit_count cbrt ceil ceiling cos cosh cot degrees divide even exp factorial
  fdiv floor fmod gamma gcd greatest greatest_common_divisor isfinite isinf isnan lcm least least_common_multiple lgamma ln log log10 log2 mod multiply
  nextafter pi pow power radians round round_even roundbankers sign signbit sin sinh sqrt subtract tan tanh trunc xor`);
const strings = words(`array_extract ascii bar base64 bin bit_length char_length character_length chr concat concat_ws contains damerau_levenshtein
  editdist3 ends_with format format_bytes from_base64 from_hex from_binary hamming hex instr jaccard jaro_similarity jaro_winkler_similarity lcase left
  left_grapheme len length length_grapheme levenshtein like_escape ilike_escape not_like_escape not_ilike_escape lower lpad ltrim md5 mismatches nfc_normalize
  ord overlay position prefix printf regexp_escape regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace regexp_split_to_array
  repeat replace reverse right right_grapheme rpad rtrim sha1 sha256 split split_part starts_with str_split str_split_regex string_split string_split_regex
  string_to_array strip_accents strlen strpos substr substring substring_grapheme suffix to_base64 to_binary to_hex translate trim ucase unbin unhex
  unicode upper url_decode url_encode hash encode decode similar_to_escape parse_filename`);
const dates = words(`age century date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear
  decade epoch epoch_ms epoch_ns epoch_us era hour isodow isoyear julian last_day make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz
  microsecond millennium millisecond minute month monthname nanosecond quarter second strftime strptime time_bucket timezone timezone_hour timezone_minute
  to_centuries to_days to_decades to_hours to_microseconds to_millennia to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks
  to_years try_strptime week weekday weekofyear year yearweek`);
const nested =
  words(`array_value array_length cardinality element_at flatten generate_series json json_array_length json_extract json_extract_path json_extract_path_text
  json_extract_string json_keys json_type json_valid json_value json_exists json_contains json_structure json_array json_object json_quote to_json list_value list_aggregate list_any_value
  list_append list_apply list_avg list_concat list_contains list_count list_distinct list_element list_extract list_filter list_first list_has list_has_all
  list_has_any list_indexof list_intersect list_last list_max list_median list_min list_position list_prepend list_reduce list_reverse list_reverse_sort
  list_select list_slice list_sort list_string_agg list_sum list_transform list_unique list_where list_zip list_resize map map_contains map_entries map_extract
  map_extract_value map_from_entries map_keys map_values range row struct_extract struct_insert struct_pack struct_concat union_extract union_tag union_value apply
  array_aggregate array_append array_apply array_cat array_concat array_contains array_distinct array_filter array_has array_has_all array_has_any array_indexof
  array_intersect array_pop_back array_pop_front array_position array_prepend array_push_back array_push_front array_reduce array_reverse array_reverse_sort
  array_slice array_sort array_to_string array_transform array_unique array_where array_zip`);
const conditional = words('coalesce nullif ifnull if constant_or_null typeof alias cast equi_width_bins is_histogram_other_bin nvl');
/** Made as macros in every job: identifiers of securities and of legal entities. */
export const ownFunctions = words('lei_valid isin_valid cusip_valid');

export const aggregateNames: ReadonlySet<string> = new Set(
  words(`any_value approx_count_distinct approx_quantile arg_max arg_max_null arg_min arg_min_null argmax argmin array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count
  count_if count_star countif covar_pop covar_samp favg first fsum geometric_mean group_concat histogram kahan_sum kurtosis kurtosis_pop last list listagg mad max
  max_by mean median min min_by mode product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx
  regr_sxy regr_syy sem skewness stddev stddev_pop stddev_samp string_agg sum sum_no_overflow sumkahan var_pop var_samp variance weighted_avg wavg entropy`),
);
export const windowNames: ReadonlySet<string> = new Set(
  words('row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value fill'),
);
export const scalarNames: ReadonlySet<string> = new Set([...operators, ...mathematics, ...strings, ...dates, ...nested, ...conditional, ...ownFunctions]);
export const tableFunctionNames: ReadonlySet<string> = new Set(words('range generate_series unnest'));
