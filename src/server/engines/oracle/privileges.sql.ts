import { owners } from './catalog.sql.ts';

const self = "SYS_CONTEXT('USERENV', 'SESSION_USER')";

/** System privileges and through what they are held: a role that is granted, enabled or not; null where directly, or to PUBLIC. */
export const systemSql = `SELECT privilege, NULL FROM sys.user_sys_privs
UNION SELECT privilege, role FROM sys.role_sys_privs
UNION SELECT privilege, NULL FROM sys.session_privs WHERE privilege NOT IN (SELECT privilege FROM sys.role_sys_privs)`;

/** Every role that is granted, enabled or not, or granted to one of those. */
export const rolesSql = `SELECT role FROM sys.session_roles
UNION SELECT granted_role FROM sys.user_role_privs
UNION SELECT granted_role FROM sys.role_role_privs`;

const writes = "('INSERT', 'UPDATE', 'DELETE', 'ALTER', 'INDEX')";
/** Rights to write tables and views: schema, table, right, column (null: the whole table), who holds it; sorted by table. */
export const writableSql = `SELECT owner, table_name, privilege, column_name, holder FROM (
  SELECT owner, table_name, privilege, NULL column_name, grantee holder FROM sys.user_tab_privs WHERE grantee = ${self}
  UNION SELECT table_schema, table_name, privilege, NULL, grantee FROM sys.all_tab_privs WHERE grantee = 'PUBLIC'
  UNION SELECT owner, table_name, privilege, column_name, role FROM sys.role_tab_privs
  UNION SELECT owner, table_name, privilege, column_name, grantee FROM sys.user_col_privs WHERE grantee = ${self}
  UNION SELECT table_schema, table_name, privilege, column_name, grantee FROM sys.all_col_privs WHERE grantee = 'PUBLIC'
) WHERE privilege IN ${writes} AND owner IN ${owners}
UNION ALL SELECT ${self}, table_name, 'OWNER', NULL, ${self} FROM sys.user_tables WHERE nested = 'NO' AND secondary = 'N' AND dropped = 'NO'
ORDER BY 1, 2`;

/** Tables that only a SELECT lets be read, with which rows can be locked; and those that a READ does. */
export const lockableSql = `SELECT COUNT(DISTINCT table_schema || '.' || table_name) FROM sys.all_tab_privs
WHERE privilege = 'SELECT' AND table_schema IN ${owners} AND table_schema <> ${self} AND type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW')`;

/** Packages of the system that reach files, the network or other users' jobs. PUBLIC has most of them, where directories and network rules still stand before them. */
const reaching =
  "('UTL_FILE', 'UTL_HTTP', 'UTL_TCP', 'UTL_SMTP', 'UTL_MAIL', 'DBMS_SCHEDULER', 'DBMS_JOB', 'DBMS_SYS_SQL', 'DBMS_JAVA', 'DBMS_FILE_TRANSFER', 'DBMS_BACKUP_RESTORE')";

/** What else it could do: kind and name. */
export const othersSql = `SELECT kind, name FROM (
  SELECT 'directory' kind, table_name || ' (' || LOWER(privilege) || ')' name FROM sys.all_tab_privs WHERE type = 'DIRECTORY'
  UNION SELECT 'package', table_name FROM sys.all_tab_privs WHERE table_schema = 'SYS' AND privilege = 'EXECUTE' AND grantee <> 'PUBLIC' AND table_name IN ${reaching}
  UNION SELECT 'sequence', table_schema || '.' || table_name FROM sys.all_tab_privs WHERE type = 'SEQUENCE' AND privilege IN ('SELECT', 'ALTER') AND table_schema IN ${owners}
  UNION SELECT 'definer', owner || '.' || object_name FROM sys.all_procedures
    WHERE authid = 'DEFINER' AND object_type IN ('PROCEDURE', 'FUNCTION', 'PACKAGE') AND owner IN ${owners} AND owner <> ${self}
  UNION SELECT 'link', db_link FROM sys.all_db_links
) ORDER BY kind, name`;

/** Schemas that hold tables or views. */
export const schemasSql = `SELECT owner FROM sys.all_tables WHERE owner IN ${owners} UNION SELECT owner FROM sys.all_views WHERE owner IN ${owners} ORDER BY 1`;
