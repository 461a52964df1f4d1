/** Rights that the login has on the server and in the database, by whatever way: class, name. */
export const rightsSql = `SELECT 'SERVER', permission_name FROM sys.fn_my_permissions(NULL, N'SERVER')
UNION ALL SELECT 'DATABASE', permission_name FROM sys.fn_my_permissions(NULL, N'DATABASE');`;

/** Roles that it is a member of, itself or through others: where, name. Those of the server are asked for one by one: a reader sees few. */
export const rolesSql = `SELECT 'SERVER', r.name FROM (VALUES (N'sysadmin'), (N'securityadmin'), (N'serveradmin'), (N'setupadmin'), (N'processadmin'), (N'diskadmin'),
  (N'dbcreator'), (N'bulkadmin'), (N'##MS_DatabaseManager##'), (N'##MS_LoginManager##'), (N'##MS_SecurityDefinitionReader##')) r(name) WHERE IS_SRVROLEMEMBER(r.name) = 1
UNION ALL SELECT 'DATABASE', r.name FROM sys.database_principals r WHERE r.type = 'R' AND r.name <> N'public' AND IS_ROLEMEMBER(r.name) = 1
UNION ALL SELECT 'USER', USER_NAME();`;

const objects = `FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
  CROSS APPLY (SELECT QUOTENAME(s.name) + N'.' + QUOTENAME(o.name) AS name) f WHERE o.is_ms_shipped = 0`;
const may = (right: string): string => `HAS_PERMS_BY_NAME(f.name, N'OBJECT', N'${right}')`;

/** Each relation: schema, name, and whether it may be read, inserted into, updated, deleted from, altered. Tables whose columns alone are granted come by columnsSql. */
export const relationsSql = `SELECT s.name, o.name, ${may('SELECT')}, ${may('INSERT')}, ${may('UPDATE')}, ${may('DELETE')}, ${may('ALTER')}
${objects} AND o.type IN ('U', 'V') ORDER BY s.name, o.name;`;

/** Grants of single columns that the login has, itself or through a role: schema, table, right, column. */
export const columnRightsSql = `SELECT TOP (5000) s.name, o.name, p.permission_name, c.name
FROM sys.database_permissions p JOIN sys.objects o ON o.object_id = p.major_id JOIN sys.schemas s ON s.schema_id = o.schema_id
  JOIN sys.columns c ON c.object_id = p.major_id AND c.column_id = p.minor_id JOIN sys.database_principals g ON g.principal_id = p.grantee_principal_id
WHERE p.class = 1 AND p.minor_id > 0 AND p.state IN ('G', 'W') AND p.permission_name IN ('SELECT', 'UPDATE')
  AND (g.name IN (USER_NAME(), N'public') OR IS_ROLEMEMBER(g.name) = 1) ORDER BY s.name, o.name, c.name;`;

/** Who was granted what on whole objects, schemas and the database: class, schema, object, right, grantee. */
export const grantsSql = `SELECT TOP (2000) p.class_desc, COALESCE(s.name, ss.name), o.name, p.permission_name, g.name
FROM sys.database_permissions p JOIN sys.database_principals g ON g.principal_id = p.grantee_principal_id
  LEFT JOIN sys.objects o ON p.class = 1 AND o.object_id = p.major_id LEFT JOIN sys.schemas s ON s.schema_id = o.schema_id
  LEFT JOIN sys.schemas ss ON p.class = 3 AND ss.schema_id = p.major_id
WHERE p.class IN (0, 1, 3) AND p.minor_id = 0 AND p.state IN ('G', 'W') AND p.permission_name IN ('INSERT', 'UPDATE', 'DELETE', 'ALTER', 'CONTROL', 'TAKE OWNERSHIP')
  AND (g.name IN (USER_NAME(), N'public') OR IS_ROLEMEMBER(g.name) = 1);`;

/** What else it could do: kind, name. */
export const othersSql = `SELECT TOP (2000) 'procedure', f.name ${objects} AND o.type IN ('P', 'PC', 'X') AND ${may('EXECUTE')} = 1
UNION ALL SELECT TOP (2000) 'sequence', f.name ${objects} AND o.type = 'SO' AND ${may('UPDATE')} = 1
UNION ALL SELECT TOP (500) 'schema', s.name FROM sys.schemas s WHERE s.name NOT IN (N'sys', N'INFORMATION_SCHEMA') AND HAS_PERMS_BY_NAME(QUOTENAME(s.name), N'SCHEMA', N'ALTER') = 1
UNION ALL SELECT TOP (500) 'user', u.name FROM sys.database_principals u WHERE u.type IN ('S', 'U', 'E') AND u.name NOT IN (USER_NAME(), N'sys', N'INFORMATION_SCHEMA', N'guest')
  AND HAS_PERMS_BY_NAME(QUOTENAME(u.name), N'USER', N'IMPERSONATE') = 1;`;

/** The same of the whole server, which some products do not have: kind, name. */
export const serverSql = `SELECT TOP (500) 'login', l.name FROM sys.server_principals l WHERE l.type IN ('S', 'U', 'E') AND l.name <> SUSER_SNAME() AND HAS_PERMS_BY_NAME(QUOTENAME(l.name), N'LOGIN', N'IMPERSONATE') = 1
UNION ALL SELECT 'program', N'xp_cmdshell' FROM sys.configurations WHERE name = N'xp_cmdshell' AND CAST(value_in_use AS int) = 1 AND HAS_PERMS_BY_NAME(N'master.sys.xp_cmdshell', N'OBJECT', N'EXECUTE') = 1
UNION ALL SELECT 'program', N'sp_OACreate' FROM sys.configurations WHERE name = N'Ole Automation Procedures' AND CAST(value_in_use AS int) = 1 AND HAS_PERMS_BY_NAME(N'master.sys.sp_OACreate', N'OBJECT', N'EXECUTE') = 1
UNION ALL SELECT 'adhoc', name FROM sys.configurations WHERE name = N'Ad Hoc Distributed Queries' AND CAST(value_in_use AS int) = 1
UNION ALL SELECT TOP (200) 'linked', name FROM sys.servers WHERE is_linked = 1;`;

/** Schemas that hold tables, for the script. */
export const schemasSql = `SELECT TOP (51) s.name, COUNT(*) OVER () FROM sys.schemas s WHERE EXISTS (SELECT 1 FROM sys.objects o WHERE o.schema_id = s.schema_id AND o.type IN ('U', 'V') AND o.is_ms_shipped = 0) ORDER BY s.name;`;
