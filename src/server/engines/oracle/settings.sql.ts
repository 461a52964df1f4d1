/** Language and territory come first: to set them sets the formats anew. */
export const languageSql = "ALTER SESSION SET NLS_LANGUAGE = 'AMERICAN' NLS_TERRITORY = 'AMERICA' NLS_CALENDAR = 'GREGORIAN'";

/**
 * How values are written and compared, whatever the login's own settings are, and where names without a schema are looked up: among the
 * database's own objects, so that nothing that somebody put into the login's schema is taken for one of them.
 */
export const settingsSql = `ALTER SESSION SET
  NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS'
  NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9'
  NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM'
  NLS_NUMERIC_CHARACTERS = '.,'
  NLS_SORT = 'BINARY'
  NLS_COMP = 'BINARY'
  TIME_ZONE = '+00:00'
  CURRENT_SCHEMA = SYS`;

/** What they have to be by then. */
export const settings: Readonly<Record<string, string>> = {
  NLS_CALENDAR: 'GREGORIAN',
  NLS_COMP: 'BINARY',
  NLS_DATE_FORMAT: 'YYYY-MM-DD HH24:MI:SS',
  NLS_LANGUAGE: 'AMERICAN',
  NLS_NUMERIC_CHARACTERS: '.,',
  NLS_SORT: 'BINARY',
  NLS_TERRITORY: 'AMERICA',
  NLS_TIMESTAMP_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF9',
  NLS_TIMESTAMP_TZ_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM',
  CURRENT_SCHEMA: 'SYS',
  TIME_ZONE: '+00:00',
};

/** Reads back what they are: name, value. */
export const shownSql = `SELECT parameter, value FROM sys.nls_session_parameters
UNION ALL SELECT 'CURRENT_SCHEMA', SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') FROM sys.dual
UNION ALL SELECT 'TIME_ZONE', SESSIONTIMEZONE FROM sys.dual`;

/** Lets go of what functions of the database kept for this session. */
export const resetSql = 'BEGIN SYS.DBMS_SESSION.RESET_PACKAGE; END;';
