import type { Modes, SessionLimits } from './flavour.ts';

/** What the members of the family call differently. */
export interface ModeNames {
  readonly sqlMode: string;
  readonly isolation: string;
  readonly readOnly: string;
  /** How deep a recursive query may go. */
  readonly recursion: string;
  /** The limit of a statement: how it is set, and how it is read back in milliseconds. */
  readonly timeout: { readonly set: (ms: number) => string; readonly readBack: string };
}

const everyRow = '18446744073709551615';
/** Seconds to wait for locks of others, and for a client that is busy with what it has already. */
const lockSeconds = '5';
const writeSeconds = '120';
/** The server has another limit, of time. Where a recursive query is cut by its depth, one of the family says nothing of it. */
const deepest = '4294967295';
/** Longest text that GROUP_CONCAT makes, which it cuts without saying so. */
const longestGroup = '1048576';

/** The modes in which statements are understood as they were judged, and under which nothing is written. */
export function modesOf({ sqlMode, isolation, readOnly, recursion, timeout }: ModeNames): Modes {
  const settings: readonly (readonly [name: string, value: string, shown: string])[] = [
    ['sql_mode', `'${sqlMode}'`, sqlMode],
    ['time_zone', "'+00:00'", '+00:00'],
    [isolation, "'REPEATABLE-READ'", 'REPEATABLE-READ'],
    [readOnly, '1', '1'],
    ['autocommit', '1', '1'],
    ['sql_auto_is_null', '0', '0'],
    ['lock_wait_timeout', lockSeconds, lockSeconds],
    ['innodb_lock_wait_timeout', lockSeconds, lockSeconds],
    ['net_write_timeout', writeSeconds, writeSeconds],
    ['group_concat_max_len', longestGroup, longestGroup],
    [recursion, deepest, deepest],
  ];
  const charsets = ['character_set_client', 'character_set_connection', 'character_set_results'];
  const rows = ({ maxRows }: SessionLimits) => (maxRows === null ? everyRow : String(maxRows + 1));
  return {
    pins: (limits) => [
      'SET NAMES utf8mb4',
      `SET ${settings.map(([name, value]) => `SESSION ${name} = ${value}`).join(', ')}, SESSION sql_select_limit = ${rows(limits)}, ${timeout.set(limits.timeoutMs)}`,
    ],
    readBack: `SELECT DATABASE(), CONCAT_WS(' ', CURRENT_USER(), CURRENT_ROLE()), ${[
      ...settings.map(([name]) => `@@SESSION.${name}`),
      ...charsets.map((name) => `@@SESSION.${name}`),
      '@@SESSION.sql_select_limit',
      timeout.readBack,
    ].join(', ')}`,
    expected: (limits) => [
      ...settings.map(([, , shown]) => shown),
      ...charsets.map(() => 'utf8mb4'),
      rows(limits),
      String(limits.timeoutMs),
    ],
  };
}

/** Modes of MySQL itself. */
export const mysqlModes = modesOf({
  // Spaces before a parenthesis do not make a function of the schema out of one of the server’s.
  sqlMode: 'IGNORE_SPACE,ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
  isolation: 'transaction_isolation',
  readOnly: 'transaction_read_only',
  recursion: 'cte_max_recursion_depth',
  timeout: { set: (ms) => `SESSION max_execution_time = ${ms}`, readBack: '@@SESSION.max_execution_time' },
});
