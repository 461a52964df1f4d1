import { modesOf } from '../mysql/settings.sql.ts';

/** The modes of MariaDB: other names, seconds for milliseconds, and no ONLY_FULL_GROUP_BY, which here refuses what depends on a key. */
export const mariadbModes = modesOf({
  sqlMode: 'IGNORE_SPACE,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
  isolation: 'tx_isolation',
  readOnly: 'tx_read_only',
  recursion: 'max_recursive_iterations',
  timeout: {
    set: (ms) => `SESSION max_statement_time = ${ms / 1000}`,
    readBack: 'CAST(ROUND(@@SESSION.max_statement_time * 1000) AS UNSIGNED)',
  },
});
